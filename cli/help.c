#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "config/config_help.h"

struct usage {
  const char *command, *text;
};

static const struct usage usages[] = {
    {"help",
     "usage: crosslane COMMAND [ARGUMENT...]\n"
     "\n"
     "Trains Wide & Deep rating models and compares their architectures.\n"
     "\n"
     "  sweep CONFIG     train what an experiment file asks for and is not yet recorded\n"
     "  show RUN...      table of results, one row an architecture\n"
     "  plot RUN...      pictures: MSE against architecture, size and time; kernel speeds\n"
     "  report RUN...    table and pictures of runs as one HTML page\n"
     "  predict MODEL    ratings and films from a trained model\n"
     "  evaluate MODEL   how good a trained model is, on which rows\n"
     "  data check DIR   is this data set sound?\n"
     "  data synth       write a synthetic data set\n"
     "  bench            speed of every kernel on this machine\n"
     "  compare FILE...  runs of the bench, of machines or commits, held against each other\n"
     "  cpu              instruction sets: found, chosen\n"
     "  help [COMMAND]   more on one command; 'help config': every key of an experiment file\n"
     "\n"
     "'crosslane --version' prints the version. Exit status: 0 done; 1 some trial failed;\n"
     "2 usage or config; 3 data; 130 or 143 interrupted.\n"},
    {"sweep",
     "usage: crosslane sweep CONFIG [--set KEY=VALUE]... [--data DIR] [--out DIR] [--jobs N]\n"
     "                       [--isa ISA] [--dry-run] [--format text|csv|json] [--fail-fast]\n"
     "                       [--retry-failed] [--rerun] [--save-models]\n"
     "\n"
     "Trains every trial of the experiment file CONFIG that has no record yet.\n"
     "\n"
     "  --set KEY=VALUE  any key of the config by its dotted path; VALUE is YAML:\n"
     "                   --set train.epochs=10 --set 'seeds=[1, 2]'\n"
     "  --data DIR       the data set's folder, instead of data.path (or CROSSLANE_DATA)\n"
     "  --out DIR        the run's folder (default runs/NAME)\n"
     "  --jobs N         worker processes (default: one a core)\n"
     "  --isa ISA        scalar, avx2, avx512, neon or auto (or CROSSLANE_ISA); the numbers\n"
     "                   are the same on all\n"
     "  --dry-run        print every trial with its size and an estimate of its time; train\n"
     "                   and write nothing. --format: text (default), csv or json\n"
     "  --fail-fast      the first trial that fails ends the sweep\n"
     "  --retry-failed   train again what failed\n"
     "  --rerun          train everything again; records are replaced one by one\n"
     "  --save-models    keep each trained model in models/KEY.safetensors, for predict and\n"
     "                   evaluate (train.save: all); recorded trials without one train again\n"},
    {"show",
     "usage: crosslane show RUN... [--sort COLUMN] [--top N]\n"
     "                      [--format text|csv|json|markdown]\n"
     "\n"
     "Prints the results of the runs in the folders RUN, one row an architecture: the mean\n"
     "over its seeds and folds. The order is that of the config unless --sort says otherwise.\n"},
    {"plot",
     "usage: crosslane plot RUN... [--format svg,png,text] [--out DIR]\n"
     "       crosslane plot FILE... [--format svg,png] [--out DIR]\n"
     "\n"
     "Draws with gnuplot, into RUN/plots, what has a meaning for the run: MSE of each\n"
     "architecture; against training time and parameters, with the Pareto front; against wide\n"
     "and deep columns and depth; a heat map of two swept keys; the importance of each; parallel\n"
     "coordinates; learning curves. Each picture has its data and its script beside it:\n"
     "'gnuplot NAME.gp' there draws it again. text draws in the terminal.\n"
     "\n"
     "Of files of 'crosslane bench --out', up to 8 machines or commits side by side: the speed\n"
     "of each kernel and shape on each instruction set with its roof, and the roofline, into\n"
     "plots/ beside the first file.\n"},
    {"predict",
     "usage: crosslane predict MODEL --set COLUMN=VALUE... [--top N]\n"
     "       crosslane predict MODEL --user N --data DIR [--top N | --item N]\n"
     "       crosslane predict MODEL --batch FILE.csv [--data DIR]\n"
     "                         [--format text|csv|json] [--isa ISA] [--timing]\n"
     "\n"
     "Ratings that a model of 'crosslane sweep --save-models' predicts.\n"
     "\n"
     "  --set COLUMN=VALUE   a value of each column that the model reads: --set age=25\n"
     "                   --set gender=F; of several genres: --set 'genres=Action|Comedy'.\n"
     "                   Without the genre, where it is the only film column: all genres,\n"
     "                   the highest rating first, equal ones by the genre's code\n"
     "  --user N         the films that user N of the data has not rated, the highest rating\n"
     "                   first, equal ones by ascending id; --top N: so many (default 10);\n"
     "                   --item N: this film alone, rated or not. Columns of the rating's\n"
     "                   time have that of the user's last rating\n"
     "  --batch FILE     a CSV (- is standard input) whose first line names the columns comes\n"
     "                   out with a column 'prediction', in one pass. With --data its columns\n"
     "                   user_id, item_id and, if there, timestamp are looked up there\n"
     "  --data DIR       the data set's folder (for --user also CROSSLANE_DATA)\n"
     "  --timing         times, to standard error\n"
     "\n"
     "Histories and statistics are those of the rows that the model was trained on or, with\n"
     "other data, of all their rows. A value never seen in training is said on standard error\n"
     "(and in JSON), and has no weights of its own.\n"},
    {"evaluate",
     "usage: crosslane evaluate MODEL --data DIR [--split test|validation|train|all]\n"
     "                          [--format text|csv|json] [--isa ISA] [--timing]\n"
     "\n"
     "MSE, RMSE and MAE of a saved model: of all rows, by rating, by how many training ratings\n"
     "the user has (quarters of the users), and by prediction (is it the mean rating there?).\n"
     "The default are the test rows of the model's own split, whose MSE is the record's to the\n"
     "last digit. Other data than the training's have --split all alone. A model of synthetic\n"
     "data makes them itself, without --data.\n"},
    {"report",
     "usage: crosslane report RUN... [--out FILE.html]\n"
     "\n"
     "Writes one HTML page on the runs, to be opened without a network: the table, to be sorted\n"
     "and filtered, all pictures, config, machine, build, data and the commands to get it again.\n"
     "\n"
     "  --out FILE.html  where (default RUN/report.html; needed for several runs)\n"
     "\n"
     "Without gnuplot the page is written without pictures, and says so.\n"},
    {"data",
     "usage: crosslane data check DIR\n"
     "       crosslane data synth --out DIR [--users N] [--items N] [--ratings N] [--seed N]\n"
     "\n"
     "check: rows, users, items, mean, variance and digest of a MovieLens 100K folder, or\n"
     "every fault with its file and line. synth: a synthetic data set in the same form.\n"},
    {"bench",
     "usage: crosslane bench [--quick] [--filter REGEX] [--isa all|ISA] [--peers] [--out FILE]\n"
     "                       [--launches N] [--benchmark_...=...]\n"
     "\n"
     "Times every kernel on every instruction set of this machine, after its result was\n"
     "found to be that of the scalar kernel.\n"
     "\n"
     "  --quick          some shapes, briefly: under 20 seconds\n"
     "  --filter REGEX   only what matches, of names like dense_forward/32x25x64/hot\n"
     "  --isa ISA        one instruction set, and scalar to hold it against\n"
     "  --peers          OpenBLAS, oneDNN and libxsmm too, one thread, the same instructions\n"
     "  --out FILE       Google Benchmark's JSON, for compare\n"
     "  --launches N     processes for each instruction set (default 3)\n"
     "\n"
     "Google Benchmark's own options are passed on: --benchmark_min_time=0.1.\n"},
    {"compare",
     "usage: crosslane compare FILE FILE... [--fail-above PERCENT]\n"
     "                         [--format text|csv|json|markdown]\n"
     "\n"
     "Holds files of 'crosslane bench --out' against each other: times, the ratio to each\n"
     "machine's own scalar, the part of its roof, the ratio to the first file with\n"
     "Mann-Whitney's p and Cliff's delta.\n"
     "\n"
     "  --fail-above PERCENT  exit 1 when a kernel's median is slower than the first file's\n"
     "                   by more, and outside of the spread between launches; what other\n"
     "                   code in the files says of the machine's own speed is taken off\n"},
    {"cpu",
     "usage: crosslane cpu [--kernels] [--isa ISA]\n"
     "\n"
     "Says which processor this is, which instruction sets it runs and which is chosen.\n"
     "--kernels lists kernel, instruction set and register tiles.\n"},
};

const char *command_usage(const char *command) {
  for (size_t i = 0; i < sizeof usages / sizeof *usages; i++) {
    if (strcmp(usages[i].command, command) == 0) return usages[i].text;
  }
  return NULL;
}

int command_help(int argc, char **argv) {
  const char *topic = argc > 1 ? argv[1] : "help";
  struct text text = {0};
  const char *usage = command_usage(topic);
  if (strcmp(topic, "config") == 0) {
    config_help(&text);
  } else if (strcmp(topic, "config-man") == 0) {
    config_man_page(&text);
  } else if (usage != NULL) {
    text_add(&text, "%s", usage);
  } else {
    struct error error = {0};
    error_set(&error, ERROR_USAGE, "no help on '%s'", topic);
    error_help(&error, "'crosslane help' lists the commands");
    return fail(&error);
  }
  return print_text(&text) ? EXIT_DONE : EXIT_TRIAL_FAILED;
}
