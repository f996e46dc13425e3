// One least-squares problem, timed: solve_worker TASK.json prints one line of JSON. bench/solve.py runs it.
// {"method": "auto", "boundary": "zero", "lambda": 0.01, "penalty": "identity", "tolerance": 1e-10, "kernel": "k.npy",
//  "y": "y.npy", "repeats": 3}; method "eigen-cholmod" is Eigen's wrapper of CHOLMOD, called by hand.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>
#include <variant>

#include <Eigen/CholmodSupport>
#include <nlohmann/json.hpp>

#include <convmat/io/npy.hpp>
#include <convmat/matrix/kernel2matrix.hpp>
#include <convmat/solve/least_squares.hpp>

namespace {

using namespace convmat;
using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;
using Columns = Eigen::SparseMatrix<double, Eigen::ColMajor, std::int64_t>;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

// Resident at most, in MB.
double peak_memory() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1000;
    return 0;
}

template <class Enum>
Enum named(const std::string& name, int count) {
    for (int i = 0; i < count; ++i)
        if (to_string(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
    throw std::invalid_argument("unknown name " + name);
}

Boundary boundary_of(const std::string& name) {
    for (const Boundary boundary : all_boundaries)
        if (to_string(boundary) == name) return boundary;
    throw std::invalid_argument("unknown boundary " + name);
}

// Causal kernels look back, others both ways.
ConvGeometry layer(const Json& task, const Tensor<double>& kernel, const Tensor<double>& y) {
    ConvSpec spec;
    for (std::size_t j = 1; j < 3; ++j) {
        const Index k = kernel.shape()[j + 1], before = task.value("causal", false) ? k - 1 : k / 2;
        spec.input.push_back(y.shape()[j]);
        spec.kernel.push_back(k);
        spec.padding.push_back({before, k - 1 - before});
    }
    spec.boundary = {boundary_of(task.at("boundary"))};
    return ConvGeometry(spec);
}

Json by_convmat(const Json& task, const ConvGeometry& geometry, const Tensor<double>& kernel, const Tensor<double>& y) {
    LeastSquaresOptions options;
    options.lambda = task.at("lambda");
    options.penalty = named<Penalty>(task.value("penalty", "identity"), 4);
    options.method = named<SolveMethod>(task.at("method"), 12);
    options.tolerance = task.value("tolerance", 1e-10);
    const auto found = solve_least_squares(geometry, kernel, y, options);
    return {{"method", to_string(found.method)},
            {"reason", found.reason},
            {"iterations", found.iterations},
            {"converged", found.converged},
            {"factor_nnz", found.factor_nnz.value_or(0)},
            {"relative_normal_residual", found.relative_normal_residual}};
}

// N = W^T W + λ² I by Eigen's product, then its CholmodSupernodalLLT.
Json by_eigen(const Json& task, const ConvGeometry& geometry, const Tensor<double>& kernel, const Tensor<double>& y) {
    const Columns w = kernel2matrix<Eigen::ColMajor, std::int64_t>(geometry, kernel);
    const double square = task.at("lambda").get<double>() * task.at("lambda").get<double>();
    const auto formed = Clock::now();
    Columns n = w.transpose() * w;
    for (Index i = 0; i < n.rows(); ++i) n.coeffRef(i, i) += square;
    const double forming = seconds_since(formed);
    Eigen::CholmodSupernodalLLT<Columns> llt(n);
    const Eigen::VectorXd right = w.transpose() * y.vec();
    const Eigen::VectorXd x = llt.solve(right);
    return {{"method", "eigen-cholmod"},
            {"forming_seconds", forming},
            {"relative_normal_residual", (right - n * x).norm() / right.norm()}};
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::cerr << "usage: solve_worker TASK.json\n";
        return 2;
    }
    const Json task = Json::parse(std::ifstream(arguments[1]));
    const auto kernel = std::get<Tensor<double>>(read_npy(task.at("kernel").get<std::string>()));
    const auto y = std::get<Tensor<double>>(read_npy(task.at("y").get<std::string>()));
    const ConvGeometry geometry = layer(task, kernel, y);
    Json answer;
    std::vector<double> times;
    for (int i = 0; i < task.value("repeats", 1); ++i) {
        const auto start = Clock::now();
        answer = task.at("method") == "eigen-cholmod" ? by_eigen(task, geometry, kernel, y)
                                                      : by_convmat(task, geometry, kernel, y);
        times.push_back(seconds_since(start));
    }
    answer["first_seconds"] = times.front();
    if (times.size() > 1) times.erase(times.begin()); // what the process does once
    std::ranges::sort(times);
    answer["seconds"] = times[times.size() / 2];
    answer["peak_mb"] = peak_memory();
    std::cout << answer.dump() << "\n";
    return 0;
}
