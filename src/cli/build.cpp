#include <chrono>
#include <filesystem>
#include <limits>

#include <fmt/format.h>

#include <convmat/io/matrix_market.hpp>
#include <convmat/io/npz.hpp>

#include "column_major.hpp"
#include "commands.hpp"
#include "error.hpp"
#include "json.hpp"
#include "layer_options.hpp"
#include "matrices.hpp"
#include "names.hpp"
#include "output.hpp"
#include "scalars.hpp"

namespace convmat::cli {
namespace {

enum class Storage { csr, csc };
enum class VecOrder { row_major, column_major };

struct BuildRequest {
    Layer layer;
    std::string out;
    Storage storage = Storage::csr;
    ExplicitZeros zeros = ExplicitZeros::keep;
    VecOrder order = VecOrder::row_major;
    bool as_json = false;

    // What the file says of itself.
    std::string comment() const {
        return concat(
            "a convolution as a matrix: ", layer.form == Form::matrix ? "vec(Y) = W vec(X)" : "vec(X) = W^T vec(Y)",
            order == VecOrder::row_major ? ", vec row-major" : ", vec column-major");
    }
};

VecOrder parse_order(const std::string& text) {
    if (text == "row-major") return VecOrder::row_major;
    if (text == "column-major") return VecOrder::column_major;
    throw InputError("--order", text, one_of(text, {"row-major", "column-major"}));
}

Storage parse_storage(const std::string& text, const std::string& out) {
    if (text != "csr" && text != "csc") throw InputError("--storage", text, "csr or csc");
    if (!out.ends_with(".npz")) throw InputError("--storage", text, "an .npz file as --out, not " + out);
    return text == "csr" ? Storage::csr : Storage::csc;
}

// What is said of a matrix that was written.
struct Built {
    Index rows = 0, cols = 0, nnz = 0;
    Index bytes = 0;
    double milliseconds = 0;
};

template <class Matrix>
Built built(const Matrix& matrix, double milliseconds) {
    using Stored = typename Matrix::StorageIndex;
    const Index bytes = matrix.nonZeros() * Index{sizeof(typename Matrix::Scalar) + sizeof(Stored)} +
                        (matrix.outerSize() + 1) * Index{sizeof(Stored)};
    return {matrix.rows(), matrix.cols(), matrix.nonZeros(), bytes, milliseconds};
}

std::string report(const BuildRequest& request, const Built& matrix) {
    const auto dtype = name_of(kind_of(*request.layer.kernel));
    if (request.as_json)
        return Json{{"out", request.out},
                    {"rows", matrix.rows},
                    {"cols", matrix.cols},
                    {"nnz", matrix.nnz},
                    {"bytes", matrix.bytes},
                    {"dtype", dtype},
                    {"build_ms", matrix.milliseconds}}
            .text();
    return fmt::format("{}: {} rows, {} columns, {} nonzeros, {} bytes in memory as {}, built in {:.3g} ms\n",
                       request.out, matrix.rows, matrix.cols, matrix.nnz, matrix.bytes, dtype, matrix.milliseconds);
}

template <class Matrix>
void write(const BuildRequest& request, const Matrix& matrix) {
    const Progress progress("writing " + request.out, matrix.nonZeros());
    if (request.out.ends_with(".npz"))
        write_scipy_npz(request.out, matrix);
    else
        write_matrix_market(request.out, matrix, request.comment());
}

// The report goes last, so as not to tell of what failed. When it cannot be printed the exit code is 2, and the file
// stays.
template <class Matrix>
void save(const BuildRequest& request, const Matrix& matrix, double milliseconds) {
    const std::string& note = request.layer.note;
    const std::string text =
        printable(report(request, built(matrix, milliseconds)) + (note.empty() || request.as_json ? "" : note + "\n"));
    write(request, matrix);
    if (request.out != "/dev/stdout") print(text);
}

template <int Options, class StorageIndex>
void build_and_save(const BuildRequest& request) {
    std::visit(
        [&](const auto& kernel) {
            const ConvPattern<Options, StorageIndex> pattern(request.layer.geometry, request.layer.form);
            const auto start = std::chrono::steady_clock::now();
            const auto matrix = [&] {
                const Progress progress("building the matrix", pattern.nnz());
                return matrix_of(pattern, kernel, request.zeros);
            }();
            const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
            save(request, matrix, time.count());
        },
        *request.layer.kernel);
}

bool fits_int(const Layer& layer) {
    constexpr Index most = std::numeric_limits<int>::max();
    const ConvPattern<Eigen::RowMajor, std::int64_t> pattern(layer.geometry, layer.form);
    return pattern.nnz() <= most && pattern.rows() < most && pattern.cols() < most;
}

template <int Options>
void build_and_save_as(const BuildRequest& request) {
    if (fits_int(request.layer))
        build_and_save<Options, int>(request);
    else
        build_and_save<Options, std::int64_t>(request);
}

void require_matrix_file(const std::string& out) {
    if (!out.ends_with(".mtx") && !out.ends_with(".npz") && out != "/dev/stdout")
        throw InputError("--out", out, "a file that ends in .mtx (Matrix Market) or .npz (SciPy)");
}

class Build final : public Command {
    LayerOptions options_;
    std::optional<std::string> out_, storage_, order_;
    bool transpose_ = false;
    bool drop_zeros_ = false;
    bool as_json_ = false;

    CommandSummary summary() const override {
        return {"build",
                "Write the matrix to a Matrix Market or SciPy file",
                "write a layer's matrix: W, or W^T for a transposed layer.",
                {"convmat build --input 3x3 --kernel '0,1;2,3' --out W.mtx",
                 "convmat build --convention matlab --input 3x3 --kernel '0,1;2,3' --order column-major --out T.mtx",
                 "python3 -c 'import scipy.io; print(scipy.io.mmread(\"W.mtx\").toarray())'"}};
    }

    void add_to(CommandLine& line) override {
        options_.add_to(line);
        line.heading("Options");
        line.output("--out", "W.mtx|W.npz", out_,
                    "Where to: Matrix Market, or what scipy.sparse.load_npz reads; - is Matrix Market on standard "
                    "output. The values are of the kernel's type");
        line.flag("--transpose", transpose_,
                  "The transpose of that: W^T, or W for a transposed layer; complex weights are not conjugated");
        line.text("--order", "row-major|column-major", order_,
                  "Of vec: row-major (default), or MATLAB's and Fortran's A(:), each channel stacked by columns",
                  {"row-major", "column-major"});
        line.text("--storage", "csr|csc", storage_, "How an .npz file stores it; default csr", {"csr", "csc"});
        line.flag("--drop-zeros", drop_zeros_, "Leave out entries whose weight is zero");
        line.flag("--json", as_json_, "Print JSON");
    }

    int run() override {
        const std::string path = required("--out", out_, "the file to write, W.mtx or W.npz");
        require_matrix_file(path);
        const Storage stored = storage_ ? parse_storage(*storage_, path) : Storage::csr;
        const VecOrder order = order_ ? parse_order(*order_) : VecOrder::row_major;
        Layer layer = options_.layer_with_weights();
        if (order == VecOrder::column_major) layer = in_column_major(layer);
        if (transpose_) layer.form = layer.form == Form::matrix ? Form::transpose : Form::matrix;
        const BuildRequest request = {
            std::move(layer), path, stored, drop_zeros_ ? ExplicitZeros::drop : ExplicitZeros::keep, order, as_json_};
        if (stored == Storage::csr)
            build_and_save_as<Eigen::RowMajor>(request);
        else
            build_and_save_as<Eigen::ColMajor>(request);
        return 0;
    }
};

} // namespace

std::unique_ptr<Command> build() { return std::make_unique<Build>(); }

} // namespace convmat::cli
