/* A line of prose of a table. */
#include "results/table_columns.h"

/* Markdown parts paragraphs by an empty line, and its own signs in names must
 * not act. */
void table_add_line(const struct table_options *options, const char *style, const struct text *line,
                    struct text *text) {
  if (line->failed) {
    text->failed = true;
  } else if (options->format == TEXT_TABLE_MARKDOWN) {
    text_table_add_markdown(text, line->text);
    text_add(text, "\n\n");
  } else {
    bool styled = options->color && style[0] != '\0';
    if (styled) text_add(text, "%s", style);
    text_table_add_paragraph(text, line->text, options->width);
    if (styled && !text->failed) {
      text->text[--text->length] = '\0'; /* the style ends before the line does */
      text_add(text, TEXT_TABLE_PLAIN "\n");
    }
  }
}
