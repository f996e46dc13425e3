#include "kernels.hpp"

namespace convmat::matrix_free {
namespace {
#include "tables.hpp"
} // namespace

const KernelSet& kernels_x86_64_v4() {
    static constinit const KernelSet set = {tiles_for_32_registers<float, 64>(), tiles_for_32_registers<double, 64>(),
                                            tiles_for_32_registers<std::uint64_t, 64>()};
    return set;
}

} // namespace convmat::matrix_free
