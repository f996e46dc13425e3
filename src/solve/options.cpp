#include <convmat/solve/options.hpp>

#include <array>

namespace convmat {

std::string_view to_string(SolveMethod method) {
    constexpr std::array<std::string_view, 12> names = {"auto", "fft",     "dct", "kronecker", "triangular", "cholmod",
                                                        "spqr", "umfpack", "klu", "lsqr",      "lsmr",       "cg"};
    return names[static_cast<std::size_t>(method)];
}

std::string_view to_string(Penalty penalty) {
    constexpr std::array<std::string_view, 4> names = {"none", "identity", "gradient", "laplacian"};
    return names[static_cast<std::size_t>(penalty)];
}

std::string_view to_string(Preconditioner preconditioner) {
    constexpr std::array<std::string_view, 4> names = {"auto", "none", "diagonal", "circulant"};
    return names[static_cast<std::size_t>(preconditioner)];
}

} // namespace convmat
