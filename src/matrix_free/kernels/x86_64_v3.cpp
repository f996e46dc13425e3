#include "kernels.hpp"

namespace convmat::matrix_free {
namespace {
#include "tables.hpp"
} // namespace

const KernelSet& kernels_x86_64_v3() {
    static constinit const KernelSet set = {tiles_for_16_registers<float, 32>(), tiles_for_16_registers<double, 32>(),
                                            tiles_for_16_registers<std::uint64_t, 32>()};
    return set;
}

} // namespace convmat::matrix_free
