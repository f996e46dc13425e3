#include "identity_report.hpp"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include <convmat/identities/random_case.hpp>

#include "error.hpp"
#include "extents.hpp"

namespace convmat::cli {

using namespace identities;

namespace {

std::string escaped(std::string text) { // of Markdown's tables
    for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
    return text;
}

std::string residual_of(const IdentityResult& result) {
    return result.residual == 0 ? "0" : fmt::format("{:.1e}", result.residual);
}

std::string bound_of(const IdentityResult& result) {
    return result.bound == 0 ? "exact" : fmt::format("{:.1e}", result.bound);
}

bool was_checked(const IdentityResult& result) {
    return result.verdict == Verdict::holds || result.verdict == Verdict::fails;
}

std::string name_of(const Identity& identity) {
    return identity.kind == Kind::counter_identity ? "not so: " + identity.name : identity.name;
}

} // namespace

std::vector<const Identity*> all_identities() {
    std::vector<const Identity*> all;
    for (const Identity& identity : catalogue()) all.push_back(&identity);
    return all;
}

std::vector<const Identity*> parse_identities(const char* option, const std::string& text) {
    std::vector<const Identity*> all;
    for (const std::string_view id : split(text, ',')) {
        const auto found = find_identities(id);
        if (found.empty()) throw InputError(option, id, "an identity, as I-22; 'convmat check --list' lists them");
        for (const Identity* identity : found)
            if (std::ranges::find(all, identity) == all.end()) all.push_back(identity);
    }
    return all;
}

std::vector<IdentityResult> check_identities(const std::vector<const Identity*>& identities, const AnyCase& layer) {
    std::vector<IdentityResult> results;
    for (const Identity* identity : identities) {
        const auto start = std::chrono::steady_clock::now();
        const Outcome outcome = identities::check(*identity, layer);
        const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
        results.push_back(
            {identity, outcome.verdict, outcome.reason, outcome.residual, outcome.bound, elapsed.count()});
    }
    return results;
}

std::string table_of(const std::vector<IdentityResult>& results) {
    std::string rows, rest;
    Index held = 0, refuted = 0, failed = 0, inapplicable = 0;
    for (const IdentityResult& result : results) {
        const Identity& identity = *result.identity;
        if (!was_checked(result)) {
            rest += fmt::format("{:<6} {}, {}\n", identity.id, to_string(result.verdict), result.reason);
            if (result.verdict == Verdict::does_not_apply) ++inapplicable;
            continue;
        }
        const bool holds = result.verdict == Verdict::holds;
        ++(!holds ? failed : identity.kind == Kind::identity ? held : refuted);
        rows += fmt::format("{:<6} {:<7} {:>8} {:>8} {:>6.1f} ms  {}{}\n", identity.id, to_string(result.verdict),
                            residual_of(result), bound_of(result), result.seconds * 1e3, name_of(identity),
                            holds ? "" : ": " + result.reason);
    }
    const std::string heading =
        fmt::format("{:<6} {:<7} {:>8} {:>8} {:>9}  {}\n", "id", "verdict", "residual", "bound", "time", "identity");
    const Index unchecked = std::ssize(results) - held - refuted - failed - inapplicable;
    return (rows.empty() ? "" : heading + rows) + (rest.empty() || rows.empty() ? "" : "\n") + rest +
           fmt::format("\n{} hold, {} beliefs refuted, {} do not apply, {} not checked, {} fail\n", held, refuted,
                       inapplicable, unchecked, failed);
}

Json json_of(const std::vector<IdentityResult>& results) {
    Json list = Json::array();
    for (const IdentityResult& r : results)
        list.push_back({{"id", r.identity->id},
                        {"name", r.identity->name},
                        {"kind", r.identity->kind == Kind::identity ? "identity" : "counter-identity"},
                        {"verdict", to_string(r.verdict)},
                        {"reason", r.reason},
                        {"residual", r.residual},
                        {"bound", r.bound},
                        {"seconds", r.seconds}});
    return list;
}

std::string catalogue_page() {
    std::string text =
        "# Identities\n\n"
        "What is true of a convolution as a matrix, and what is not. Every line is an entry of the catalogue "
        "(`convmat/identities/catalogue.hpp`), with a\ncheck that computes both sides: `convmat check` runs them on a "
        "layer, `convmat check --explain I-22` shows one. The last column is the\ndeliberate mistake that the tests "
        "make "
        "each check find. This page is `convmat check --list`.\n\n"
        "| id | statement | formula | holds when | source | the check finds |\n|---|---|---|---|---|---|\n";
    for (const Identity& identity : catalogue())
        text += fmt::format("| {} | **{}**: {} | `{}` | {} | {} | {} |\n", identity.id, escaped(name_of(identity)),
                            escaped(identity.statement), escaped(identity.formula), escaped(identity.when),
                            escaped(identity.source), escaped(identity.mistake));
    return text;
}

Json catalogue_json() {
    Json list = Json::array();
    for (const Identity& i : catalogue())
        list.push_back({{"id", i.id},
                        {"name", i.name},
                        {"kind", i.kind == Kind::identity ? "identity" : "counter-identity"},
                        {"statement", i.statement},
                        {"formula", i.formula},
                        {"latex", i.latex},
                        {"when", i.when},
                        {"source", i.source},
                        {"mistake", i.mistake}});
    return list;
}

AnyCase example_of(const Identity& identity) {
    if (identity.kind == Kind::counter_identity) return identity.witness();
    const ConvGeometry chapter({.input = {3, 3}, .kernel = {2, 2}});
    const AnyCase first = IdentityCase<std::int64_t>{chapter, Tensor<std::int64_t>({1, 1, 2, 2}, {0, 1, 2, 3}),
                                                     Tensor<std::int64_t>({1, 3, 3}, {0, 1, 2, 3, 4, 5, 6, 7, 8}),
                                                     Tensor<std::int64_t>({1, 2, 2}, {0, 1, 2, 3})};
    const auto shows = [&](const AnyCase& layer) {
        return why_not(identity, layer).empty() &&
               identities::check(identity, layer, Variant::mistaken).verdict == Verdict::fails;
    };
    if (shows(first)) return first;
    std::optional<AnyCase> smallest;
    Index least = 0;
    for (Index rank = 1; rank <= 2; ++rank)
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            AnyCase layer = random_case(rank, seed);
            const ConvGeometry& g = std::get<IdentityCase<std::int64_t>>(layer).geometry;
            const Index size = g.rows() + g.cols();
            if ((smallest && size >= least) || !shows(layer)) continue;
            smallest = std::move(layer);
            least = size;
        }
    return smallest.value_or(first);
}

bool RandomChecks::ok() const {
    return std::ranges::all_of(counts, [](const Count& count) { return count.failed == 0; });
}

RandomChecks check_random_layers(const std::vector<const Identity*>& identities, Index rank, Index layers,
                                 std::uint64_t seed) {
    RandomChecks checks;
    for (const Identity* identity : identities) checks.counts.push_back({.identity = identity, .first_failure = {}});
    for (Index i = 0; i < layers; ++i) {
        const AnyCase layer = random_case(rank, seed + static_cast<std::uint64_t>(i));
        for (RandomChecks::Count& count : checks.counts) {
            const Outcome outcome = identities::check(*count.identity, layer);
            if (outcome.verdict == Verdict::holds) ++count.held;
            if (outcome.verdict == Verdict::does_not_apply) ++count.did_not_apply;
            if (outcome.verdict == Verdict::not_checked) ++count.not_checked;
            if (outcome.verdict == Verdict::fails && count.failed++ == 0)
                count.first_failure = concat("seed ", seed + static_cast<std::uint64_t>(i), ", ", outcome.reason);
        }
    }
    return checks;
}

std::string table_of(const RandomChecks& checks) {
    std::string text = fmt::format("{:<6} {:>6} {:>14} {:>12} {:>7}  {}\n", "id", "held", "did not apply",
                                   "not checked", "failed", "identity");
    for (const auto& count : checks.counts)
        text += fmt::format("{:<6} {:>6} {:>14} {:>12} {:>7}  {}{}\n", count.identity->id, count.held,
                            count.did_not_apply, count.not_checked, count.failed, name_of(*count.identity),
                            count.failed > 0 ? ": " + count.first_failure : "");
    return text;
}

Json json_of(const RandomChecks& checks) {
    Json list = Json::array();
    for (const auto& count : checks.counts)
        list.push_back({{"id", count.identity->id},
                        {"held", count.held},
                        {"did_not_apply", count.did_not_apply},
                        {"not_checked", count.not_checked},
                        {"failed", count.failed},
                        {"first_failure", count.first_failure}});
    return list;
}

} // namespace convmat::cli
