// The text of --kernel, and of an option that states an array.
#include "kernel.hpp"

#include <cmath>
#include <concepts>

#include "words.hpp"

using namespace convmat;

namespace {

void require_finite(const AnyTensor& any) {
    const auto is_finite = [](const auto& tensor) {
        return std::ranges::all_of(tensor.values(), []<class S>(S v) {
            if constexpr (std::integral<S>)
                return true;
            else
                return std::isfinite(std::abs(v));
        });
    };
    fuzz::require(std::visit(is_finite, any), "numbers are finite");
}

} // namespace

void fuzz::kernel(std::string_view bytes) {
    const std::string text = fuzz::argument_of(bytes);
    if (!text.empty() && std::isalpha(static_cast<unsigned char>(bytes[0])) != 0 && !fuzz::is_moderate(text)) return;
    if (text.starts_with("/dev/")) return; // which are read as files
    fuzz::refusing_says_one_line([&] { require_finite(cli::read_kernel(text).values); });
    fuzz::refusing_says_one_line([&] { require_finite(cli::read_array("--x", text)); });
}
