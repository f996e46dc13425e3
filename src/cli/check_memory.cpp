#include "check_memory.hpp"

#include <algorithm>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/matrix/row_plan.hpp>

namespace convmat::cli {
namespace {

constexpr const char* what = "check with all its matrices";

Index bytes_of(const RowPlan& plan, ScalarKind kind) {
    const Index entries = checked_mul(plan.nnz(), bytes_of(kind) + Index{sizeof(std::int64_t)}, what);
    return checked_add(entries, checked_mul(checked_add(plan.rows(), 1, what), sizeof(std::int64_t), what), what);
}

// Of each: what was given or drawn, the same in the scalar compared, the loops' result, the matrix's, two vectors of
// the products in double precision, and a bound with what it is made from.
Index bytes_of_arrays(const ConvGeometry& geometry, ScalarKind kind) {
    const Index inputs = checked_product(geometry.input_shape(), what);
    const Index outputs = checked_product(geometry.output_shape(), what);
    const Index each = 6 * bytes_of(kind) + 3 * Index{sizeof(double)};
    return checked_mul(checked_add(inputs, outputs, what), each, what);
}

} // namespace

void require_memory_to_check(const ConvGeometry& geometry, ScalarKind kind) {
    const Index w = bytes_of(RowPlan::matrix(geometry), kind);
    const Index wt = bytes_of(RowPlan::transpose(geometry), kind);
    const Index m = bytes_of(RowPlan::kernel_unknown(geometry), kind);
    const Index kept = checked_add(w, wt, what);
    const Index copies = std::max(m, kept); // M(x), and later W from its columns together with W transposed
    require_memory(checked_add(checked_add(kept, copies, what), bytes_of_arrays(geometry, kind), what), what);
}

} // namespace convmat::cli
