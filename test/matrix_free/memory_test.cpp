// What the operator reads, writes and allocates.
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstring>
#include <new>

#include <sys/mman.h>
#include <unistd.h>

#include "operator_support.hpp"

namespace {

std::atomic<long> allocations = 0; // by any operator new of this program

void* counted(std::size_t bytes, std::size_t alignment) {
    ++allocations;
    void* const memory = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
}

} // namespace

[[gnu::noinline]] void* operator new(std::size_t bytes) { return counted(bytes, 16); }
[[gnu::noinline]] void* operator new[](std::size_t bytes) { return counted(bytes, 16); }
[[gnu::noinline]] void* operator new(std::size_t bytes, std::align_val_t alignment) {
    return counted(bytes, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void* operator new[](std::size_t bytes, std::align_val_t alignment) {
    return counted(bytes, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace {

using namespace convmat;
using namespace convmat::test;

/// Values whose first one begins a page, or whose last one ends one; the pages beside them cannot be touched.
template <class Scalar>
class GuardedArray {
  public:
    enum class At { begin, end };
    GuardedArray(Index count, At at) : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))) {
        const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(Scalar);
        inner_ = (bytes + page_ - 1) / page_ * page_;
        memory_ = static_cast<char*>(mmap(nullptr, inner_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        BOOST_REQUIRE(mprotect(memory_ + page_, inner_, PROT_READ | PROT_WRITE) == 0);
        begin_ = memory_ + page_ + (at == At::begin ? 0 : inner_ - bytes);
    }
    ~GuardedArray() { munmap(memory_, inner_ + 2 * page_); }
    GuardedArray(const GuardedArray&) = delete;
    GuardedArray& operator=(const GuardedArray&) = delete;
    Scalar* data() { return static_cast<Scalar*>(static_cast<void*>(begin_)); }

  private:
    std::size_t page_;
    std::size_t inner_ = 0;
    char* memory_ = nullptr;
    char* begin_ = nullptr;
};

template <class Scalar>
void stays_inside(const ConvGeometry& geometry, Index images) {
    using Guarded = GuardedArray<Scalar>;
    RandomLayers layers(9);
    const auto kernel = layers.integers<Scalar>(geometry.kernel_shape());
    const ConvOperator<Scalar> forward(geometry, kernel);
    for (const ConvOperator<Scalar>& op : {forward, forward.transpose()})
        for (const auto at : {Guarded::At::begin, Guarded::At::end}) {
            Guarded x(op.cols() * images, at);
            Guarded y(op.rows() * images, at);
            const auto values = layers.integers<Scalar>({op.cols() * images});
            std::ranges::copy(values.values(), x.data());
            op.apply(x.data(), y.data(), images);
            std::vector<Scalar> again(static_cast<std::size_t>(op.rows() * images));
            op.apply(values.data(), again.data(), images);
            BOOST_TEST(std::equal(again.begin(), again.end(), y.data()), describe(geometry));
        }
}

ConvGeometry padded(Index n, Index stride, Boundary boundary) {
    return ConvGeometry({.input = {n, n + 3},
                         .kernel = {3, 3},
                         .in_channels = 3,
                         .out_channels = 5,
                         .stride = {stride},
                         .padding = {{1, 1}},
                         .boundary = {boundary}});
}

} // namespace

BOOST_AUTO_TEST_CASE(nothing_beside_the_arrays_is_touched) {
    with_every_instruction_set([] {
        for (const Index n : {1, 2, 3, 5, 8, 13, 16, 17, 31, 33, 64}) {
            stays_inside<float>(ConvGeometry({.input = {n}, .kernel = {1}, .in_channels = 3, .out_channels = 7}), 2);
            stays_inside<double>(ConvGeometry({.input = {n, n}, .kernel = {1, 1}, .in_channels = 2}), 3);
            stays_inside<float>(ConvGeometry({.input = {n + 2, n + 1}, .kernel = {3, 2}, .in_channels = 2}), 2);
            stays_inside<float>(ConvGeometry({.input = {2 * n}, .kernel = {2}, .out_channels = 4, .stride = {2}}), 1);
            stays_inside<std::complex<float>>(padded(n, 1, Boundary::zero), 1);
            for (const Index stride : {1, 2}) stays_inside<double>(padded(n, stride, Boundary::replicate), 2);
        }
    });
}

BOOST_AUTO_TEST_CASE(a_second_apply_allocates_nothing) {
    for (const int threads : {1, 2})
        for (const Boundary boundary : {Boundary::zero, Boundary::antireflective}) {
            set_threads(threads);
            const ConvGeometry geometry = padded(90, 2, boundary);
            const ConvOperator<double> op(geometry, Tensor<double>(geometry.kernel_shape()));
            const ConvOperator<double> transpose = op.transpose();
            Eigen::VectorXd x = Eigen::VectorXd::Zero(geometry.cols());
            Eigen::VectorXd y = Eigen::VectorXd::Zero(geometry.rows());
            y.noalias() = op * x;
            x.noalias() = transpose * y;
            const long before = allocations;
            y.noalias() = op * x;
            x.noalias() = transpose * y;
            op.apply(x.data(), y.data());
            BOOST_TEST(allocations == before);
        }
}

BOOST_AUTO_TEST_CASE(the_counter_of_allocations_counts) {
    const long before = allocations;
    const auto memory = std::make_unique<std::vector<double>>(10);
    BOOST_TEST(allocations == before + 2);
    BOOST_TEST(memory->size() == 10u);
}
