#include "data/guess_words.h"

#include <ctype.h>
#include <string.h>

#include "data/schema.h"

/* In small letters, without what is no letter or digit: "user_id" is "userid". */
static const char *const user_words[] = {
    "user",     "userid",  "customer",  "customerid", "reviewer",  "reviewerid", "member",
    "memberid", "account", "accountid", "visitor",    "visitorid", "person",     "personid",
    "uid",      "rater",   "client",    "clientid",   "student",   "studentid"};
static const char *const item_words[] = {
    "item",      "itemid",    "movie",    "movieid", "film",     "filmid",     "product",
    "productid", "sku",       "asin",     "book",    "bookid",   "isbn",       "song",
    "songid",    "track",     "trackid",  "artist",  "artistid", "business",   "businessid",
    "article",   "articleid", "game",     "gameid",  "recipe",   "recipeid",   "iid",
    "mid",       "course",    "courseid", "anime",   "animeid",  "restaurant", "restaurantid",
    "joke",      "jokeid"};
static const char *const rating_words[] = {"rating", "ratings", "stars", "star", "score", "overall",
                                           "grade",  "points",  "rate",  "mark", "value"};
static const char *const time_words[] = {"timestamp", "time",       "date",    "datetime",
                                         "createdat", "when",       "ratedat", "reviewdate",
                                         "unixtime",  "reviewtime", "ts",      "unixreviewtime"};
static const char *const title_words[] = {"title",       "name",       "itemname",
                                          "productname", "movietitle", "label"};

static const struct {
  const char *const *word;
  size_t count;
} roles[] = {
    [GUESS_USER] = {user_words, sizeof user_words / sizeof *user_words},
    [GUESS_ITEM] = {item_words, sizeof item_words / sizeof *item_words},
    [GUESS_RATING] = {rating_words, sizeof rating_words / sizeof *rating_words},
    [GUESS_TIME] = {time_words, sizeof time_words / sizeof *time_words},
    [GUESS_TITLE] = {title_words, sizeof title_words / sizeof *title_words},
};

enum { NORMAL = COLUMN_NAME };

static void normalise(const char *name, char out[NORMAL]) {
  size_t length = 0;
  for (; *name != '\0' && length + 1 < NORMAL; name++) {
    if (isalnum((unsigned char)*name)) out[length++] = (char)tolower((unsigned char)*name);
  }
  out[length] = '\0';
}

bool guess_is(enum guess_role role, const char *name) {
  char normal[NORMAL];
  normalise(name, normal);
  for (size_t i = 0; i < roles[role].count; i++) {
    if (strcmp(normal, roles[role].word[i]) == 0) return true;
  }
  return false;
}

bool guess_begins(enum guess_role role, const char *name) {
  char normal[NORMAL];
  normalise(name, normal);
  for (size_t i = 0; i < roles[role].count; i++) {
    const char *word = roles[role].word[i];
    if (strncmp(normal, word, strlen(word)) == 0) return true;
  }
  return false;
}

bool guess_is_id(const char *name) {
  char normal[NORMAL];
  normalise(name, normal);
  return strcmp(normal, "id") == 0;
}
