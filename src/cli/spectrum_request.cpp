#include "spectrum_request.hpp"

#include "error.hpp"
#include "extents.hpp"
#include "writable.hpp"

namespace convmat::cli {
void SpectrumRequest::add_to(CommandLine& line) {
    layer.add_to(line);
    line.heading("Options");
    line.flag("--all", all, "List every singular value");
    line.text("--top", "K", top, "The K largest singular values, with their errors and residuals");
    line.text("--bottom", "K", bottom, "The K smallest, likewise");
    line.output("--vectors", "FILE.npy", vectors,
                "The right singular vectors of --top, then of --bottom, as images (K, C, n...) that the layer reads");
    line.output(
        "--null-space", "FILE.npy", null_space,
        "A basis of the inputs that the layer maps to 0, as images (nullity, C, n...); not orthogonal, and not of "
        "a transposed layer");
    line.output("--plot", "FILE.svg", plot, "All singular values as a curve and a histogram");
    line.text(
        "--rank-tolerance", "X", rank_tolerance,
        "Singular values up to this count as zeros; default max(rows, columns) eps ||W||_2. Without it the rank of "
        "small integer layers is exact");
    line.text("--tolerance", "X", tolerance, "Error asked of an iteration, relative to the norm; default 1e-6");
    line.flag("--json", as_json, "Print JSON; null is what was not computed, or is infinite");
}

Index parse_count(const char* option, const std::string& text) {
    const Index count = parse_integer(option, text);
    if (count < 1) throw InputError(option, text, "a number of singular values from 1");
    return count;
}

SpectrumOptions SpectrumRequest::spectrum() const {
    SpectrumOptions options;
    if (tolerance) options.tolerance = parse_real("--tolerance", *tolerance);
    if (options.tolerance <= 0 || options.tolerance >= 1)
        throw InputError("--tolerance", *tolerance, "a number between 0 and 1");
    return options;
}

ReportOptions SpectrumRequest::report() const {
    ReportOptions options = {.spectrum = spectrum()};
    if (rank_tolerance) options.rank_tolerance = parse_real("--rank-tolerance", *rank_tolerance);
    if (options.rank_tolerance.value_or(0) < 0) throw InputError("--rank-tolerance", *rank_tolerance, "0 or more");
    return options;
}

void SpectrumRequest::refuse_what_is_wrong(Form form) const {
    (void)report();
    if (top) parse_count("--top", *top);
    if (bottom) parse_count("--bottom", *bottom);
    if (vectors && !top && !bottom) throw InputError("--vectors", *vectors, "--top or --bottom beside it");
    if (null_space && null_space == vectors) throw InputError("--vectors", *vectors, "another file than --null-space");
    if (null_space && form == Form::transpose)
        throw InputError("--null-space", *null_space, "no transposed layer: the null space is found of W alone");
    require_writable("--vectors", vectors, ".npy");
    require_writable("--null-space", null_space, ".npy");
    require_writable("--plot", plot, ".svg");
}

} // namespace convmat::cli
