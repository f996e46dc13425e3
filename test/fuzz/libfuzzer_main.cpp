// A target as libFuzzer calls it.
#include <cstdint>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    convmat::fuzz::CONVMAT_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
    return 0;
}
