#pragma once

#include <string>
#include <vector>

#include <convmat/identities/catalogue.hpp>

#include "json.hpp"

namespace convmat::cli {

using identities::AnyCase;
using identities::Identity;
using identities::Verdict;

/// The identities with the given ids, "I-22,I-18"; throws InputError naming the option for one that is not known.
std::vector<const Identity*> parse_identities(const char* option, const std::string& text);

/// Every identity of the catalogue.
std::vector<const Identity*> all_identities();

/// What came of one identity on a layer.
struct IdentityResult {
    const Identity* identity = nullptr;
    Verdict verdict = Verdict::does_not_apply;
    std::string reason;
    double residual = 0;
    double bound = 0;
    double seconds = 0;
};

/// Each in turn, on one layer.
std::vector<IdentityResult> check_identities(const std::vector<const Identity*>& identities, const AnyCase& layer);

/// What was checked, a row each: id, verdict, residual, bound, time, name; then what was not and why; then a line that
/// counts. The scalar is that of the layer.
std::string table_of(const std::vector<IdentityResult>& results);
Json json_of(const std::vector<IdentityResult>& results);

/// The catalogue as a page of Markdown, and as data.
std::string catalogue_page();
Json catalogue_json();

/// A layer that shows an identity: a counter-identity's witness, else the smallest of some that meet the condition and
/// on which its mistake is found.
AnyCase example_of(const Identity& identity);

/// The catalogue on random layers of a rank: how often each identity held, did not apply and failed.
struct RandomChecks {
    struct Count {
        const Identity* identity = nullptr;
        int held = 0;
        int did_not_apply = 0;
        int not_checked = 0;
        int failed = 0;
        std::string first_failure;
    };
    std::vector<Count> counts;
    bool ok() const;
};
RandomChecks check_random_layers(const std::vector<const Identity*>& identities, Index rank, Index layers,
                                 std::uint64_t seed);
std::string table_of(const RandomChecks& checks);
Json json_of(const RandomChecks& checks);

} // namespace convmat::cli
