// The only C++ of Crosslane: Google Benchmark behind bench/gbench.h. No
// exception leaves this file.
#include "bench/gbench.h"

#include <benchmark/benchmark.h>

#include <exception>
#include <string>
#include <vector>

namespace {

benchmark::State &state_of(gbench *g) {
  return *reinterpret_cast<benchmark::State *>(g);
}

// The library's 1.8 renamed error_occurred and error_message to skipped and
// skip_message.
template <typename Run>
auto error_of(const Run &run, int) -> decltype(run.error_message.c_str()) {
  return run.error_occurred ? run.error_message.c_str() : nullptr;
}
template <typename Run>
auto error_of(const Run &run, long) -> decltype(run.skip_message.c_str()) {
  return run.skipped ? run.skip_message.c_str() : nullptr;
}

class Reporter : public benchmark::BenchmarkReporter {
 public:
  Reporter(gbench_report *report, void *argument) : report_(report), argument_(argument) {
  }

  bool ReportContext(const Context &) override {
    return true;
  }

  void ReportRuns(const std::vector<Run> &runs) override {
    if (report_ == nullptr) return;
    for (const Run &run : runs) {
      const std::string name = run.benchmark_name();
      const double scale = 1e9 / benchmark::GetTimeUnitMultiplier(run.time_unit);
      struct gbench_run result = {};
      result.name = name.c_str();
      result.aggregate = run.run_type == Run::RT_Aggregate;
      result.error = error_of(run, 0);
      result.iterations = static_cast<uint64_t>(run.iterations);
      result.repetition = run.repetition_index;
      result.real_ns = run.GetAdjustedRealTime() * scale;
      result.cpu_ns = run.GetAdjustedCPUTime() * scale;
      report_(&result, argument_);
    }
  }

 private:
  gbench_report *report_;
  void *argument_;
};

}  // namespace

extern "C" {

void gbench_initialize(int *argc, char **argv) {
  benchmark::Initialize(argc, argv);
}

bool gbench_register(const char *name, gbench_function *function, void *argument, bool once) try {
  auto *added = benchmark::RegisterBenchmark(name, [function, argument](benchmark::State &state) {
    function(reinterpret_cast<gbench *>(&state), argument);
  });
  if (once) added->Repetitions(1);
  return true;
} catch (const std::exception &) {
  return false;
}

bool gbench_context(const char *key, const char *value) try {
  benchmark::AddCustomContext(key, value);
  return true;
} catch (const std::exception &) {
  return false;
}

long gbench_run_all(gbench_report *report, void *argument) try {
  Reporter reporter(report, argument);
  return static_cast<long>(benchmark::RunSpecifiedBenchmarks(&reporter));
} catch (const std::exception &) {
  return -1;
}

void gbench_clear(void) {
  benchmark::ClearRegisteredBenchmarks();
}

bool gbench_keep_running(struct gbench *g, int64_t batch) {
  return state_of(g).KeepRunningBatch(batch);
}

void gbench_fail(struct gbench *g, const char *message) {
  state_of(g).SkipWithError(message);
}

uint64_t gbench_iterations(const struct gbench *g) {
  const auto &state = *reinterpret_cast<const benchmark::State *>(g);
  return static_cast<uint64_t>(state.iterations());
}

void gbench_items_processed(struct gbench *g, double items) {
  if (items == 0) return;
  state_of(g).counters["items_per_second"] = benchmark::Counter(items, benchmark::Counter::kIsRate);
}

void gbench_bytes_processed(struct gbench *g, double bytes) {
  if (bytes == 0) return;
  state_of(g).counters["bytes_per_second"] = benchmark::Counter(bytes, benchmark::Counter::kIsRate);
}

void gbench_counter(struct gbench *g, const char *name, double value) {
  if (value != 0) state_of(g).counters[name] = value;
}
}
