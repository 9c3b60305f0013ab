/* What JSON does when memory runs out. */
#ifndef CROSSLANE_CLI_JSON_MEMORY_H
#define CROSSLANE_CLI_JSON_MEMORY_H

/* From now on the program ends with a message when jansson finds no memory. It
 * would go on with less: json_copy leaves out the field that did not fit, and a
 * sound record would look like one that was changed. What is written is written
 * whole or not at all, as with any other end. Before the first use of JSON. */
void json_memory_start(void);

#endif
