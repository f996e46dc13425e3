#pragma once

#include <string>

#include <convmat/spectrum/report.hpp>

namespace convmat::spectrum {

/// No value, and why.
inline Measured not_computed(const std::string& why) { return {.value = {}, .error = 0, .method = why}; }

/// The values of a layer by their ends: all of them where that is quick, else one at each end.
struct Ends {
    Measured largest;
    Measured smallest;
    SingularValues all;
    std::string no_list;
};

/// Throws SizeError where not even the largest value is within reach.
template <class S>
Ends ends_of(const ConvGeometry& geometry, const Tensor<S>& kernel, const SpectrumOptions& options);

} // namespace convmat::spectrum
