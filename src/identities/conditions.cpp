#include "conditions.hpp"

#include <algorithm>

#include <convmat/taps/source_index.hpp>

namespace convmat::identities {
namespace {

std::string each(const ConvGeometry& geometry, const std::function<std::string(const Axis&)>& condition) {
    for (Index j = 0; j < geometry.rank(); ++j)
        if (const std::string reason = condition(geometry.axis(j)); !reason.empty())
            return concat("on axis ", j, " ", reason);
    return {};
}

std::string each(const AnyCase& layer, const std::function<std::string(const Axis&)>& condition) {
    return each(geometry_of(layer), condition);
}

std::string pads(const Axis& axis) { return concat("padding is ", axis.padding.begin, ":", axis.padding.end); }

// How often each tap is used, and whether taps meet.
struct TapUse {
    Index least = 0;
    bool taps_meet = false; // two of one output, at one input
    bool coefficients_one = true;
};

TapUse use_of(const Axis& axis) {
    TapUse use{.least = axis.output};
    std::vector<Index> outputs_of_tap(static_cast<std::size_t>(axis.kernel), 0), read;
    for (Index u = 0; u < axis.output; ++u) {
        read.clear();
        for (Index t = 0; t < axis.kernel; ++t) {
            const Index q = axis.stride * u + axis.dilation * t - axis.padding.begin;
            const Sources found = sources(axis.boundary, axis.input, q);
            if (found.begin() != found.end()) ++outputs_of_tap[static_cast<std::size_t>(t)];
            for (const Source& source : found) {
                read.push_back(source.position);
                if (source.coefficient != 1) use.coefficients_one = false;
            }
        }
        std::ranges::sort(read);
        if (std::ranges::adjacent_find(read) != read.end()) use.taps_meet = true;
    }
    use.least = std::ranges::min(outputs_of_tap);
    return use;
}

std::string meeting(const Axis& axis, const TapUse& use) {
    if (!use.coefficients_one)
        return concat("boundary ", to_string(axis.boundary), " reads with other coefficients than 1");
    return unless(!use.taps_meet,
                  concat("boundary ", to_string(axis.boundary), " makes two taps of one output read one input"));
}

} // namespace

std::string unless(bool met, const std::string& reason) { return met ? std::string() : reason; }

const ConvGeometry& geometry_of(const AnyCase& layer) {
    return std::visit([](const auto& c) -> const ConvGeometry& { return c.geometry; }, layer);
}

Condition all_of(std::vector<Condition> conditions) {
    return [conditions = std::move(conditions)](const AnyCase& layer) -> std::string {
        for (const Condition& condition : conditions)
            if (std::string reason = condition(layer); !reason.empty()) return reason;
        return {};
    };
}

Condition on_geometry(std::function<std::string(const ConvGeometry&)> condition) {
    return [condition = std::move(condition)](const AnyCase& layer) { return condition(geometry_of(layer)); };
}

Condition on_each_axis(std::function<std::string(const Axis&)> condition) {
    return [condition = std::move(condition)](const AnyCase& layer) { return each(layer, condition); };
}

std::string any(const AnyCase&) { return {}; }

std::string several_groups(const AnyCase& layer) {
    return unless(geometry_of(layer).groups() > 1, "there is one group only");
}

std::string single_channel(const AnyCase& layer) {
    const ConvGeometry& g = geometry_of(layer);
    return unless(g.in_channels() == 1 && g.out_channels() == 1,
                  concat("channels are ", g.in_channels(), " -> ", g.out_channels(), ", not 1 -> 1"));
}

std::string square_channels(const AnyCase& layer) {
    const ConvGeometry& g = geometry_of(layer);
    return unless(g.in_channels() == g.out_channels(),
                  concat("channels are ", g.in_channels(), " -> ", g.out_channels(), ", not as many in as out"));
}

std::string stride_one(const AnyCase& layer) {
    return each(layer, [](const Axis& a) { return unless(a.stride == 1, concat("stride is ", a.stride, ", not 1")); });
}

std::string dilation_one(const AnyCase& layer) {
    return each(layer,
                [](const Axis& a) { return unless(a.dilation == 1, concat("dilation is ", a.dilation, ", not 1")); });
}

std::string zero_outside(const AnyCase& layer) {
    return each(layer, [](const Axis& a) {
        return unless(a.boundary == Boundary::zero || (a.padding.begin <= 0 && a.padding.end <= 0),
                      concat("boundary is ", to_string(a.boundary), ", not zero"));
    });
}

std::string windows_inside(const AnyCase& layer) {
    return each(layer, [](const Axis& a) {
        const Index first = -a.padding.begin;
        const Index last = first + a.stride * (a.output - 1) + a.effective_kernel() - 1;
        return unless(first >= 0 && last < a.input,
                      concat("windows reach from ", first, " to ", last, ", out of 0 to ", a.input - 1));
    });
}

std::string centred(const AnyCase& layer) {
    return all_of({stride_one, formula_output, on_each_axis([](const Axis& a) {
                       const Index reach = a.effective_kernel() - 1;
                       return unless(reach % 2 == 0 && a.padding == Padding{reach / 2, reach / 2},
                                     concat(pads(a), ", not (k_eff - 1)/2 at both ends, k_eff = ", reach + 1));
                   })})(layer);
}

std::string boundary_is(const AnyCase& layer, Boundary boundary) {
    return each(layer, [&](const Axis& a) {
        return unless(a.boundary == boundary,
                      concat("boundary is ", to_string(a.boundary), ", not ", to_string(boundary)));
    });
}

std::string periodic(const AnyCase& layer) { return boundary_is(layer, Boundary::periodic); }

std::string zero_or_periodic(const AnyCase& layer) {
    return each(layer, [](const Axis& a) {
        const bool met = a.boundary == Boundary::zero || a.boundary == Boundary::periodic || a.padding == Padding{};
        return unless(met, concat("boundary is ", to_string(a.boundary), ", not zero or periodic"));
    });
}

std::string keeps_extent(const AnyCase& layer) {
    return all_of({stride_one, on_each_axis([](const Axis& a) {
                       return unless(a.output == a.input,
                                     concat("the output extent is ", a.output, ", not the input's ", a.input));
                   })})(layer);
}

std::string stride_divides(const AnyCase& layer) {
    return each(layer, [](const Axis& a) {
        return unless(a.input == a.stride * a.output,
                      concat("the output extent ", a.output, " is not ", a.input, " / ", a.stride));
    });
}

std::string formula_output(const AnyCase& layer) {
    return each(layer, [](const Axis& a) {
        return unless(a.output == a.formula_output(),
                      concat("output padding ", a.remainder(), " is not below the stride ", a.stride));
    });
}

std::string taps_apart(const AnyCase& layer) {
    return each(layer, [](const Axis& a) { return meeting(a, use_of(a)); });
}

std::string every_tap_used(const AnyCase& layer) {
    return each(layer, [](const Axis& a) {
        const TapUse use = use_of(a);
        if (std::string reason = meeting(a, use); !reason.empty()) return reason;
        return unless(use.least > 0, "a tap reads nothing but padding");
    });
}

std::string every_tap_inside(const AnyCase& layer) {
    return each(layer, [](const Axis& a) {
        const TapUse use = use_of(a);
        if (std::string reason = meeting(a, use); !reason.empty()) return reason;
        return unless(use.least == a.output, pads(a) + " and some outputs read zeros from outside");
    });
}

std::string small_enough_for_dense(const AnyCase& layer) {
    const ConvGeometry& g = geometry_of(layer);
    return unless(std::max(g.rows(), g.cols()) <= most_dense_checked,
                  concat("W is ", g.rows(), "x", g.cols(), ", and dense decompositions are made up to ",
                         most_dense_checked, "x", most_dense_checked));
}

} // namespace convmat::identities
