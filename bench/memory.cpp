// Peak resident memory of building W, as a ratio to the bytes of the finished W. One layer a process: `bench_memory
// LAYER FORM`.
#include <fstream>
#include <iostream>
#include <string>

#include "layers.hpp"
#include <convmat/matrix/kernel2matrix.hpp>

namespace {

using namespace convmat;

// A line of /proc/self/status, in bytes.
double status(const std::string& key) {
    std::ifstream file("/proc/self/status");
    for (std::string word; file >> word;)
        if (word == key + ":") {
            double kib = 0;
            file >> kib;
            return kib * 1024;
        }
    return 0;
}

double peak_ratio(const ConvGeometry& geometry, const Tensor<double>& kernel, Form form) {
    const double before = status("VmRSS");
    const auto matrix =
        form == Form::matrix ? kernel2matrix(geometry, kernel) : kernel2matrix_transpose(geometry, kernel);
    const double bytes = static_cast<double>(matrix.nonZeros()) * 12 + static_cast<double>(matrix.outerSize() + 1) * 4;
    return (status("VmHWM") - before) / bytes;
}

} // namespace

int main(int argc, char** argv) {
    const std::string name = argc > 1 ? argv[1] : "";
    const Form form = argc > 2 && std::string(argv[2]) == "transpose" ? Form::transpose : Form::matrix;
    for (const bench::Layer& layer : bench::layers()) {
        if (layer.name != name) continue;
        const ConvGeometry geometry(layer.spec);
        std::cout << peak_ratio(geometry, bench::weights(geometry), form) << '\n';
        return 0;
    }
    std::cerr << "bench_memory: layer '" << name << "': expected one of";
    for (const bench::Layer& layer : bench::layers()) std::cerr << ' ' << layer.name;
    std::cerr << '\n';
    return 2;
}
