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
constexpr int shade_step = 8; // seven hues, and grey

bool is_small(Index rows, Index cols) { return rows > 1 && rows <= tap_hues && cols <= tap_shades; }

int numbered_colour(Index place) {
    return static_cast<int>(place % tap_hues + shade_step * (place / tap_hues % tap_shades));
}

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
    return is_small(rows, cols) ? static_cast<int>(row + shade_step * col) : numbered_colour(row * cols + col);
}

TapColours::TapColours(const ConvGeometry& geometry, std::span<const double> kernel)
    : geometry_(geometry),
      kernel_(kernel),
      rows_(geometry.kernel_size() / geometry.axes().back().kernel),
      cols_(geometry.axes().back().kernel),
      colours_(static_cast<std::size_t>(geometry.kernel_size()), of_zero()) {
    std::vector<bool> has_weight(colours_.size());
    for (std::size_t i = 0; i < kernel.size(); ++i)
        if (kernel[i] != 0) has_weight[i % colours_.size()] = true;
    for (std::size_t tap = 0; tap < colours_.size(); ++tap) {
        if (!has_weight[tap]) continue;
        const auto place = static_cast<Index>(tap);
        colours_[tap] = is_small(rows_, cols_) ? grid_colour(rows_, cols_, place / cols_, place % cols_)
                                               : numbered_colour(weights_);
        ++weights_;
    }
}

int TapColours::of_tap(Index tap) const { return colours_[static_cast<std::size_t>(tap)]; }

int TapColours::of_several() { return static_cast<int>(tap_hues); }

int TapColours::of_zero() { return of_several() + shade_step; }

int TapColours::of_entry(Index row, Index col, double value) const {
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
    return value == 0 ? of_zero() : of_tap(tap);
}

Panel TapColours::key() const {
    constexpr Index most = 11;
    if (rows_ > most || cols_ > most) return {};
    const bool one_pair = std::ssize(kernel_) == geometry_.kernel_size();
    Panel key = {.title = one_pair ? "K" : "positions of K", .rows = rows_, .cols = cols_};
    key.colours = colours_;
    if (one_pair) key.texts = cell_texts(kernel_);
    return key;
}

void TapColours::explain(Figure& figure) const {
    bool taps = false, several = false, zero = false;
    for (const auto& row : figure.rows)
        for (const FigureItem& item : row) {
            const Panel* panel = std::get_if<Panel>(&item);
            if (panel == nullptr || panel->palette != Palette::categories) continue;
            taps = true;
            several = several || std::ranges::count(panel->colours, of_several()) > 0;
            zero = zero || (panel->texts.empty() && std::ranges::count(panel->colours, of_zero()) > 0);
        }
    if (!taps || !figure.key.empty()) return;
    if (several) figure.key.push_back({Palette::categories, of_several(), "sum of several weights"});
    if (zero) figure.key.push_back({Palette::categories, of_zero(), "stored, and 0"});
    if (weights_ > tap_hues * tap_shades) figure.caption.emplace_back("There are 35 colours; they repeat.");
    if (Panel panel = key(); panel.rows > 0) figure.rows.front().emplace_back(std::move(panel));
}

} // namespace convmat::picture
