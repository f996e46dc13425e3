// Building W against what bounds it: the first touch of as much fresh memory, and Eigen's own way, setFromTriplets.
#include <algorithm>
#include <chrono>
#include <cstring>
#include <vector>

#include <benchmark/benchmark.h>
#include <malloc.h>
#include <omp.h>
#include <sys/mman.h>

#include "layers.hpp"
#include <convmat/matrix/kernel2matrix.hpp>

namespace {

using namespace convmat;
using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Fresh pages from the system, for which huge pages are asked.
class FreshMemory {
  public:
    explicit FreshMemory(std::size_t bytes)
        : bytes_(bytes),
          data_(static_cast<char*>(mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
        advise_huge_pages(data_, bytes);
    }
    ~FreshMemory() { munmap(data_, bytes_); }
    FreshMemory(const FreshMemory&) = delete;
    FreshMemory& operator=(const FreshMemory&) = delete;
    char* data() { return data_; }

  private:
    std::size_t bytes_;
    char* data_;
};

std::size_t matrix_bytes(const ConvGeometry& geometry) {
    const Index nnz = ConvPattern<>(geometry).nnz();
    return static_cast<std::size_t>(nnz * 12 + (geometry.rows() + 1) * 4);
}

// Every thread writes its share of [data, data + bytes): one byte a page of 4 KiB, or all of them.
template <class Write>
void in_parallel(char* data, std::size_t bytes, const Write& write) {
    constexpr std::size_t piece = std::size_t{8} << 20;
    const auto pieces = static_cast<long>((bytes + piece - 1) / piece);
#pragma omp parallel for schedule(dynamic)
    for (long i = 0; i < pieces; ++i) {
        const std::size_t first = static_cast<std::size_t>(i) * piece;
        write(data + first, std::min(piece, bytes - first));
    }
}

void touch_pages(char* data, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; i += 4096) data[i] = 1;
}

void write_all(char* data, std::size_t bytes) { std::memset(data, 1, bytes); }

void touch(benchmark::State& state, const ConvGeometry& geometry, int threads, void (*write)(char*, std::size_t)) {
    omp_set_num_threads(threads);
    const std::size_t bytes = matrix_bytes(geometry);
    for (auto _ : state) {
        FreshMemory memory(bytes);
        const auto start = Clock::now();
        in_parallel(memory.data(), bytes, write);
        state.SetIterationTime(since(start));
    }
}

void build(benchmark::State& state, const ConvGeometry& geometry, int threads, Form form) {
    omp_set_num_threads(threads);
    const Tensor<double> kernel = bench::weights(geometry);
    for (auto _ : state) {
        const auto start = Clock::now();
        const auto matrix =
            form == Form::matrix ? kernel2matrix(geometry, kernel) : kernel2matrix_transpose(geometry, kernel);
        state.SetIterationTime(since(start));
        benchmark::DoNotOptimize(matrix.valuePtr());
    }
}

void refill(benchmark::State& state, const ConvGeometry& geometry, int threads) {
    omp_set_num_threads(threads);
    const Tensor<double> kernel = bench::weights(geometry);
    const ConvPattern<> pattern(geometry);
    auto matrix = pattern.matrix(kernel);
    for (auto _ : state) {
        const auto start = Clock::now();
        pattern.refill(matrix, kernel);
        state.SetIterationTime(since(start));
        benchmark::DoNotOptimize(matrix.valuePtr());
    }
}

void write_values(benchmark::State& state, const ConvGeometry& geometry, int threads) {
    omp_set_num_threads(threads);
    const auto bytes = static_cast<std::size_t>(ConvPattern<>(geometry).nnz()) * sizeof(double);
    FreshMemory memory(bytes);
    in_parallel(memory.data(), bytes, write_all);
    for (auto _ : state) {
        const auto start = Clock::now();
        in_parallel(memory.data(), bytes, write_all);
        state.SetIterationTime(since(start));
    }
}

// What one writes without convmat: a loop over outputs, channels and taps, triplets reserved, then setFromTriplets.
void triplets(benchmark::State& state, const ConvGeometry& geometry) {
    const Tensor<double> kernel = bench::weights(geometry);
    const Axis a = geometry.axis(0);
    const Axis b = geometry.axis(1);
    for (auto _ : state) {
        const auto start = Clock::now();
        std::vector<Eigen::Triplet<double>> list;
        list.reserve(static_cast<std::size_t>(ConvPattern<>(geometry).nnz()));
        for (Index o = 0; o < geometry.out_channels(); ++o)
            for (Index u = 0; u < a.output; ++u)
                for (Index v = 0; v < b.output; ++v)
                    for (Index c = 0; c < geometry.in_channels(); ++c)
                        for (Index t = 0; t < a.kernel; ++t)
                            for (Index r = 0; r < b.kernel; ++r) {
                                const Index i = a.stride * u + t - a.padding.begin;
                                const Index j = b.stride * v + r - b.padding.begin;
                                if (i < 0 || i >= a.input || j < 0 || j >= b.input) continue;
                                list.emplace_back(
                                    static_cast<int>((o * a.output + u) * b.output + v),
                                    static_cast<int>((c * a.input + i) * b.input + j),
                                    kernel[((o * geometry.in_channels() + c) * a.kernel + t) * b.kernel + r]);
                            }
        Eigen::SparseMatrix<double, Eigen::RowMajor> matrix(geometry.rows(), geometry.cols());
        matrix.setFromTriplets(list.begin(), list.end());
        state.SetIterationTime(since(start));
        benchmark::DoNotOptimize(matrix.valuePtr());
    }
}

template <class Function, class... Arguments>
void add(const std::string& name, const std::string& layer, int threads, Function function, Arguments... arguments) {
    benchmark::RegisterBenchmark((name + "/" + layer + "/" + std::to_string(threads)).c_str(),
                                 [=](benchmark::State& state) { function(state, arguments...); })
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond)
        ->Iterations(1);
}

} // namespace

int main(int argc, char** argv) {
    // Every large array comes fresh from the system and goes back to it, so that no build finds warm memory.
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    for (const bench::Layer& layer : bench::layers()) {
        const ConvGeometry geometry(layer.spec);
        add("triplets", layer.name, 1, triplets, geometry);
        for (const int threads : {1, 2}) {
            add("touch", layer.name, threads, touch, geometry, threads, touch_pages);
            add("write", layer.name, threads, touch, geometry, threads, write_all);
            add("build", layer.name, threads, build, geometry, threads, Form::matrix);
            add("build_transpose", layer.name, threads, build, geometry, threads, Form::transpose);
            add("refill", layer.name, threads, refill, geometry, threads);
            add("write_values", layer.name, threads, write_values, geometry, threads);
        }
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::RunSpecifiedBenchmarks();
}
