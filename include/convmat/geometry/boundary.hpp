#pragma once

#include <array>
#include <string_view>

namespace convmat {

/// What stands at a position q outside the input x[0..n), written for x = a b c d:
///
/// | boundary          | extension             | rule, for every integer q                                            |
/// |-------------------|-----------------------|----------------------------------------------------------------------|
/// | `zero`            | `0 0 0│a b c d│0 0 0` | 0                                                                    |
/// | `periodic`        | `b c d│a b c d│a b c` | x[q mod n]                                                           |
/// | `half_symmetric`  | `c b a│a b c d│d c b` | period 2n, x[2n-1-r] in its second half: the edge is repeated        |
/// | `whole_symmetric` | `d c b│a b c d│c b a` | period 2(n-1), mirrored about the edge value, which is not repeated  |
/// | `replicate`       | `a a a│a b c d│d d d` | the nearest edge value                                               |
/// | `antireflective`  | odd reflection        | 2 x[0] - x[-q] about the start, 2 x[n-1] - x[2(n-1)-q] about the end |
///
/// Every rule is a rule for all q, so padding may be wider than the input: the mirrors repeat with their period, and
/// the odd reflection goes on as x(q + 2(n-1)) = x(q) + 2 (x[n-1] - x[0]), which continues a straight line for ever.
/// With n = 1 there is nothing to mirror about: `whole_symmetric` and `antireflective` replicate, as NumPy's pad does.
///
/// Other names of the same things: docs/conventions.md. (`half_symmetric` is numpy.pad's `symmetric` and
/// scipy.ndimage's `reflect`; `whole_symmetric` is numpy.pad's and PyTorch's `reflect`.)
enum class Boundary { zero, periodic, half_symmetric, whole_symmetric, replicate, antireflective };

/// All of them, in the order of the enum.
inline constexpr std::array all_boundaries = {Boundary::zero,           Boundary::periodic,
                                              Boundary::half_symmetric, Boundary::whole_symmetric,
                                              Boundary::replicate,      Boundary::antireflective};

/// The enumerator's own name: `"half_symmetric"`.
std::string_view to_string(Boundary boundary);

/// The inverse of to_string; throws GeometryError listing the names it knows.
Boundary boundary_from_string(std::string_view name);

} // namespace convmat
