#include "tap_colours.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <convmat/taps/source_index.hpp>

#include "cell_texts.hpp"

namespace convmat::picture {
namespace {

constexpr Index tap_hues = 7; // and grey
constexpr Index tap_shades = 5;

// The taps of one axis with which output u reads input i; nothing where there are several.
std::optional<Index> only_tap(const Axis& axis, Index u, Index i) {
    std::optional<Index> found;
    for (Index t = 0; t < axis.kernel; ++t)
        for (const Source& source :
             sources(axis.boundary, axis.input, axis.stride * u + axis.dilation * t - axis.padding.begin)) {
            if (source.position != i) continue;
            if (found) return std::nullopt;
            found = t;
        }
    return found;
}

} // namespace

int grid_colour(Index rows, Index cols, Index row, Index col) {
    constexpr int stride = 8; // of the shades: seven hues, and grey
    if (rows > 1 && rows <= tap_hues && cols <= tap_shades) return static_cast<int>(row + stride * col);
    const Index place = row * cols + col;
    return static_cast<int>(place % tap_hues + stride * (place / tap_hues % tap_shades));
}

TapColours::TapColours(const ConvGeometry& geometry)
    : geometry_(geometry),
      rows_(geometry.kernel_size() / geometry.axes().back().kernel),
      cols_(geometry.axes().back().kernel) {}

int TapColours::of_tap(Index tap) const { return grid_colour(rows_, cols_, tap / cols_, tap % cols_); }

int TapColours::of_several() { return static_cast<int>(tap_hues); }

int TapColours::of_entry(Index row, Index col) const {
    Index output = row % geometry_.output_size();
    Index input = col % geometry_.input_size();
    Index tap = 0;
    Index step = 1;
    for (Index j = geometry_.rank(); j-- > 0;) {
        const Axis& axis = geometry_.axis(j);
        const auto t = only_tap(axis, output % axis.output, input % axis.input);
        if (!t) return of_several();
        tap += *t * step;
        step *= axis.kernel;
        output /= axis.output;
        input /= axis.input;
    }
    return of_tap(tap);
}

Panel TapColours::key(std::span<const double> kernel) const {
    constexpr Index most = 11;
    if (rows_ > most || cols_ > most) return {};
    const bool one_pair = std::ssize(kernel) == geometry_.kernel_size();
    Panel key = {.title = one_pair ? "K" : "positions of K", .rows = rows_, .cols = cols_};
    for (Index tap = 0; tap < rows_ * cols_; ++tap) key.colours.push_back(of_tap(tap));
    if (one_pair) key.texts = cell_texts(kernel);
    return key;
}

void TapColours::explain(Figure& figure, std::span<const double> kernel) const {
    bool taps = false, several = false;
    for (const auto& row : figure.rows)
        for (const FigureItem& item : row) {
            const Panel* panel = std::get_if<Panel>(&item);
            if (panel == nullptr || panel->palette != Palette::categories) continue;
            taps = true;
            several = several || std::ranges::find(panel->colours, of_several()) != panel->colours.end();
        }
    if (!taps || !figure.key.empty()) return;
    if (several) figure.key.push_back({Palette::categories, of_several(), "sum of several weights"});
    if (rows_ * cols_ > tap_hues * tap_shades) figure.caption.emplace_back("There are 35 colours; they repeat.");
    if (Panel panel = key(kernel); panel.rows > 0) figure.rows.front().emplace_back(std::move(panel));
}

} // namespace convmat::picture
