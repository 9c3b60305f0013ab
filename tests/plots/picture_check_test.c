/* plots/picture_check.h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "plots/picture_check.h"

static const char whole[] =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE svg>\n<!-- <a> -->\n"
    "<svg width='1' xmlns=\"http://www.w3.org/2000/svg\">\n"
    "<g a = '&#x3b1;&quot;'><text>\xc2\xb1 > a &amp; b ]] ></text><path d='M1'/></g>\n"
    "<script><![CDATA[ if (a < b && c) ]]></script></svg >\n\n";

static void svg_is(const char *svg, const char *fault) {
  const char *found = picture_check_svg(svg, strlen(svg));
  if (fault == NULL ? found != NULL : found == NULL || strstr(found, fault) == NULL) {
    fail_msg("'%s' for: %s", found != NULL ? found : "whole", svg);
  }
}

static void a_whole_svg_is_taken(void **state) {
  (void)state;
  svg_is(whole, NULL);
  svg_is("<svg/>", NULL);
}

/* All that is left of it but its last blanks. */
static void a_cut_svg_is_refused_wherever_it_was_cut(void **state) {
  (void)state;
  const size_t size = strlen(whole) - 2;
  assert_null(picture_check_svg(whole, size));
  for (size_t cut = 0; cut < size; cut++) {
    if (picture_check_svg(whole, cut) == NULL) fail_msg("whole at %zu of %zu bytes", cut, size);
  }
}

static void what_is_not_xml_is_refused(void **state) {
  (void)state;
  svg_is("", "empty");
  svg_is(" \n", "end is missing");
  svg_is("<svg><g></svg></g>", "closes what is not open");
  svg_is("<svg></svg></g>", "closes what is not open");
  svg_is("<svg></svg><svg/>", "not one <svg>");
  svg_is("<svgs/>", "not one <svg>");
  svg_is("<html/>", "not one <svg>");
  svg_is("<svg/>x", "outside");
  svg_is("<svg>a]]>b</svg>", "]]>");
  svg_is("<svg>a & b</svg>", "entity");
  svg_is("<svg>&nbsp;</svg>", "entity");
  svg_is("<svg>&#;</svg>", "entity");
  svg_is("<svg a='<'/>", "attribute");
  svg_is("<svg a=b/>", "attribute");
  svg_is("<svg a/>", "attribute");
  svg_is("<svg><></svg>", "no name");
  svg_is("<svg>\x01</svg>", "excludes");
  svg_is("<svg>\xef\xbf\xbe</svg>", "excludes"); /* U+FFFE */
  svg_is("<svg>\xef\xbf\xbf</svg>", "excludes"); /* U+FFFF */
  svg_is("<svg>\xef\xbf\xbd</svg>", NULL);       /* U+FFFD */
  svg_is("<svg>\xed\xa0\x80</svg>", "excludes"); /* half a surrogate pair */
  svg_is("<svg>\xff</svg>", "excludes");
  char zero[] = "<svg>?</svg>";
  zero[5] = '\0';
  assert_non_null(picture_check_svg(zero, sizeof zero - 1));
}

static void no_depth_goes_beyond_the_stack(void **state) {
  (void)state;
  char deep[5 + 3 * 4000];
  memcpy(deep, "<svg>", 5);
  for (size_t i = 5; i < sizeof deep; i += 3) memcpy(deep + i, "<g>", 3);
  assert_non_null(picture_check_svg(deep, sizeof deep));
}

/* One grey pixel. */
static const unsigned char png[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
    0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00,
    0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78,
    0x9c, 0x63, 0xa8, 0x07, 0x00, 0x00, 0x81, 0x00, 0x80, 0xd3, 0x94, 0x53, 0x4a, 0x00,
    0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

static void a_png_is_taken_with_every_byte_right_and_in_no_other_length(void **state) {
  (void)state;
  char bytes[sizeof png + 1] = {0};
  memcpy(bytes, png, sizeof png);
  assert_null(picture_check_png(bytes, sizeof png));
  for (size_t cut = 0; cut < sizeof png; cut++) assert_non_null(picture_check_png(bytes, cut));
  assert_non_null(picture_check_png(bytes, sizeof png + 1));
  for (size_t i = 0; i < sizeof png; i++) {
    bytes[i] ^= 0x10;
    if (picture_check_png(bytes, sizeof png) == NULL) fail_msg("byte %zu may be wrong", i);
    bytes[i] ^= 0x10;
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_whole_svg_is_taken),
      cmocka_unit_test(a_cut_svg_is_refused_wherever_it_was_cut),
      cmocka_unit_test(what_is_not_xml_is_refused),
      cmocka_unit_test(no_depth_goes_beyond_the_stack),
      cmocka_unit_test(a_png_is_taken_with_every_byte_right_and_in_no_other_length),
  };
  return cmocka_run_group_tests_name("picture check", tests, NULL, NULL);
}
