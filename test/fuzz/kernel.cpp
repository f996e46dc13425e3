// The text of --kernel, and of an option that states an array.
#include "kernel.hpp"

#include <cmath>

#include "words.hpp"

using namespace convmat;

namespace {

void require_finite(const AnyTensor& any) {
    const auto is_finite = [](const auto& tensor) {
        return std::ranges::all_of(tensor.values(), [](auto v) { return std::isfinite(std::abs(v)); });
    };
    fuzz::require(std::visit(is_finite, any), "numbers are finite");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = fuzz::argument_of(data, size);
    if (!text.empty() && std::isalpha(data[0]) != 0 && !fuzz::is_moderate(text)) return 0;
    if (text.starts_with("/dev/")) return 0; // which are read as files
    fuzz::refusing_says_one_line([&] { require_finite(cli::read_kernel(text).values); });
    fuzz::refusing_says_one_line([&] { require_finite(cli::read_array("--x", text)); });
    return 0;
}
