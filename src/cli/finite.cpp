#include "finite.hpp"

#include <cmath>

#include "error.hpp"
#include "scalars.hpp"

namespace convmat::cli {

void require_finite(const char* option, const AnyTensor& array) {
    std::visit(
        [&]<class S>(const Tensor<S>& values) {
            if constexpr (!std::is_integral_v<S>)
                for (Index i = 0; i < values.size(); ++i)
                    if (const std::complex<double> z(values[i]); !std::isfinite(z.real()) || !std::isfinite(z.imag()))
                        throw InputError(option, concat(text_of(values[i]), " at index ", i), "finite values");
        },
        array);
}

} // namespace convmat::cli
