#include "commands.hpp"
#include "output.hpp"
#include "picture_file.hpp"
#include "spy_request.hpp"

namespace convmat::cli {
namespace {

// What a terminal has room for: a cell is two columns wide, or half a line high.
SpyOptions cells_for(const TextOptions& terminal) {
    constexpr Index labels = 12;
    const Index columns = std::max<Index>(terminal.columns - labels, 10);
    return {.most_rows = columns / 2, .most_cols = columns / 2};
}

class Spy final : public Command {
    SpyRequest request_;

    CommandSummary summary() const override {
        return {"spy",
                "Draw the matrix, what its rows read and its columns feed, W^T step by step",
                "draw a layer's matrix, what its rows read and its columns feed: in the terminal, as SVG or PNG.",
                {"convmat spy --input 3x3 --kernel '0,1;2,3'",
                 "convmat spy --input 2048x2048 --kernel gaussian:5:1.2 --padding same --out w.svg",
                 "convmat spy --input 2x2 --kernel '0,1;2,3' --transposed --stride 2 --show stamps"}};
    }

    void add_to(CommandLine& line) override { request_.add_to(line); }

    int run() override {
        request_.refuse_what_is_wrong();
        const TextOptions terminal = standard_output();
        const bool to_file = request_.out && *request_.out != "/dev/stdout";
        const bool as_text = !to_file || request_.out->ends_with(".txt");
        const Figure figure = [&] {
            const Progress progress("drawing");
            return request_.figure(as_text ? cells_for(to_file ? text_file() : terminal) : SpyOptions{});
        }();
        if (!to_file) return print(figure_text(figure, terminal)), 0;
        OutputFiles files;
        write_figure(files, *request_.out, figure);
        files.commit();
        return 0;
    }
};

} // namespace

std::unique_ptr<Command> spy() { return std::make_unique<Spy>(); }

} // namespace convmat::cli
