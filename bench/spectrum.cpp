// The spectra of one layer, timed: spectrum_worker NAME KERNEL.npy prints one line of JSON. bench/spectrum.py runs it.
#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <variant>

#include <convmat/io/npy.hpp>
#include <convmat/spectrum/singular_values.hpp>

namespace {

using namespace convmat;
using Kernel = Tensor<double>;

struct Answer {
    double largest = 0;
    double smallest = 0;
    double error = 0;
    Index count = 0;
    std::string method;
};

ConvGeometry layer(const Kernel& kernel, Shape input, Boundary boundary) {
    const Index reach = kernel.shape()[2] / 2;
    return ConvGeometry({.input = std::move(input),
                         .kernel = {kernel.shape()[2], kernel.shape()[3]},
                         .in_channels = kernel.shape()[1],
                         .out_channels = kernel.shape()[0],
                         .padding = {{reach, reach}},
                         .boundary = {boundary}});
}

Answer largest(const Kernel& kernel, Shape input, Index count) {
    const auto found =
        largest_singular_triplets(layer(kernel, std::move(input), Boundary::zero), kernel, count, {.tolerance = 1e-6});
    return {found.values.front(), found.values.back(), *std::ranges::max_element(found.errors), count, found.method};
}

Answer all(const Kernel& kernel, Shape input, Boundary boundary) {
    const auto found = singular_values(layer(kernel, std::move(input), boundary), kernel);
    return {found.values.front(), found.values.back(), found.error, std::ssize(found.values), found.method};
}

const std::map<std::string, std::function<Answer(const Kernel&)>> tasks = {
    {"norm_28",
     [](const Kernel& k) {
         return largest(k, {28, 28}, 1);
     }},
    {"norm_56",
     [](const Kernel& k) {
         return largest(k, {56, 56}, 1);
     }},
    {"ten_largest_14",
     [](const Kernel& k) {
         return largest(k, {14, 14}, 10);
     }},
    {"periodic_56",
     [](const Kernel& k) {
         return all(k, {56, 56}, Boundary::periodic);
     }},
    {"separable_512",
     [](const Kernel& k) {
         return all(k, {512, 512}, Boundary::zero);
     }},
};

} // namespace

int main(int count, char** arguments) {
    if (count != 3 || !tasks.contains(arguments[1])) {
        std::cerr << "usage: spectrum_worker NAME KERNEL.npy\n";
        return 2;
    }
    const auto kernel = std::get<Kernel>(read_npy(arguments[2]));
    const auto start = std::chrono::steady_clock::now();
    const Answer answer = tasks.at(arguments[1])(kernel);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("{\"seconds\": %.6f, \"largest\": %.17g, \"smallest\": %.17g, \"error\": %.3g, \"count\": %td, "
                "\"method\": \"%s\"}\n",
                seconds.count(), answer.largest, answer.smallest, answer.error, answer.count, answer.method.c_str());
    return 0;
}
