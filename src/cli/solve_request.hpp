#pragma once

#include <optional>
#include <string>

#include <convmat/solve/lambda.hpp>

#include "layer_options.hpp"
#include "samples.hpp"

namespace convmat::cli {

/// How λ is found.
enum class LambdaRule { number, gcv, discrepancy };

/// What `convmat solve` was asked for.
struct SolveRequest {
    LayerOptions layer;
    std::optional<std::string> y, image, x, out, lambda, penalty, method, preconditioner, tolerance, most_steps;
    std::optional<std::string> memory, l_curve, standard_errors;
    bool minimum_norm = false;
    bool plan = false; ///< what each method would take, and no solution
    bool as_json = false;

    void add_to(CommandLine& line);

    /// Throws InputError for what can be known to be wrong before any array is read.
    void refuse_what_is_wrong() const;

    bool of_kernel() const { return x.has_value(); } ///< x and y are known, the kernel is asked for
    LambdaRule rule() const;
    double lambda_value() const; ///< the number, or the noise of the discrepancy principle
    LeastSquaresOptions options() const;

  private:
    void add_method_to(CommandLine& line);
};

/// What is to be solved: y of one layer, several right-hand sides where there are.
struct SolveInput {
    Layer layer;
    AnyTensor y;           ///< in the layer's shape, or a batch of it
    Samples samples;       ///< how the array held them
    bool is_image = false; ///< x is written as one: its samples are colours where the layer has one channel
};

/// Reads the array or the image, and the layer that wrote it.
SolveInput read_input(SolveRequest& request);

} // namespace convmat::cli
