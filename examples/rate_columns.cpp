// Ratings of many rows by a saved model, coded once and predicted in one call:
//
//   c++ -std=c++17 rate_columns.cpp $(pkg-config --cflags --libs crosslane) -o rate_columns
//   ./rate_columns model.safetensors < rows.csv
//
// The first line of the rows names the columns; commas separate, without quotes.
#include <crosslane/model.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct Free {
  void operator()(crosslane_model *model) const {
    crosslane_model_free(model);
  }
  void operator()(crosslane_error *error) const {
    crosslane_error_free(error);
  }
};
using Model = std::unique_ptr<crosslane_model, Free>;
using Error = std::unique_ptr<crosslane_error, Free>;

std::vector<std::string> split(const std::string &line) {
  std::vector<std::string> fields;
  std::istringstream stream(line + ',');  // so that the last field may be empty
  for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
  return fields;
}

// One input of all rows, as the model takes it.
struct Column {
  std::vector<uint32_t> codes;
  std::vector<size_t> offsets;
  std::vector<double> numbers;
  crosslane_column column{};

  Column(const crosslane_model *model, size_t input, const std::vector<const char *> &texts,
         crosslane_error *error) {
    const size_t rows = texts.size();
    int status = 0;
    switch (crosslane_model_input_kind(model, input)) {
      case CROSSLANE_INPUT_NUMBER:
        for (const char *text : texts) numbers.push_back(std::atof(text));
        column = {CROSSLANE_COLUMN_DOUBLE, numbers.data(), 0, nullptr};
        break;
      case CROSSLANE_INPUT_CATEGORY:
        codes.resize(rows);
        status = crosslane_model_encode(model, input, rows, texts.data(), codes.data(), error);
        column = {CROSSLANE_COLUMN_CODES, codes.data(), 0, nullptr};
        break;
      case CROSSLANE_INPUT_MULTI_HOT:
        offsets.resize(rows + 1);  // first how many codes there are, then the codes
        (void)crosslane_model_encode_sets(model, input, rows, texts.data(), nullptr, 0,
                                          offsets.data(), error);
        codes.resize(offsets[rows]);
        status = crosslane_model_encode_sets(model, input, rows, texts.data(), codes.data(),
                                             codes.size(), offsets.data(), error);
        column = {CROSSLANE_COLUMN_SETS, codes.data(), 0, offsets.data()};
        break;
    }
    if (status != 0) throw std::runtime_error(crosslane_error_message(error));
  }
};

void rate(const char *path) {
  const Error error(crosslane_error_new());
  const Model model(crosslane_model_open(path, error.get()));
  if (!model) throw std::runtime_error(crosslane_error_message(error.get()));
  std::string line;
  std::getline(std::cin, line);
  const std::vector<std::string> names = split(line);
  std::vector<std::vector<std::string>> rows;
  while (std::getline(std::cin, line)) rows.push_back(split(line));

  std::vector<std::unique_ptr<Column>> columns;
  std::vector<crosslane_column> given(crosslane_model_inputs(model.get()));
  for (size_t i = 0; i < given.size(); i++) {
    const std::string name = crosslane_model_input_name(model.get(), i);
    std::vector<const char *> texts;
    for (const auto &row : rows) {
      for (size_t c = 0; c < names.size(); c++) {
        if (names[c] == name) texts.push_back(row.at(c).c_str());
      }
    }
    if (texts.size() != rows.size()) throw std::runtime_error("no column for " + name);
    columns.push_back(std::make_unique<Column>(model.get(), i, texts, error.get()));
    given[i] = columns.back()->column;
  }
  std::vector<float> ratings(rows.size());
  if (crosslane_predict_coded(model.get(), rows.size(), given.data(), ratings.data(),
                              error.get()) != 0) {
    throw std::runtime_error(crosslane_error_message(error.get()));
  }
  for (const float rating : ratings) std::printf("%.6f\n", static_cast<double>(rating));
}

}  // namespace

int main(int count, char **arguments) {
  try {
    if (count != 2) throw std::runtime_error("usage: rate_columns MODEL < ROWS.csv");
    rate(arguments[1]);
  } catch (const std::exception &fault) {
    std::cerr << fault.what() << '\n';
    return 1;
  }
}
