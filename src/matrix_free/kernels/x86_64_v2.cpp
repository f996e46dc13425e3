#include "kernels.hpp"

namespace convmat::matrix_free {
namespace {
#include "tables.hpp"
} // namespace

const KernelSet& kernels_x86_64_v2() {
    static constinit const KernelSet set = {tiles_for_16_registers_unfused<float, 16>(),
                                            tiles_for_16_registers_unfused<double, 16>(),
                                            tiles_for_16_registers_unfused<std::uint64_t, 16>()};
    return set;
}

} // namespace convmat::matrix_free
