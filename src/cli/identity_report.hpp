#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include <convmat/identities/catalogue.hpp>

namespace convmat::cli {

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

std::vector<IdentityResult> check_identities(const std::vector<const Identity*>& identities, const AnyCase& layer);

/// id, verdict, residual, bound, time, name; then a line that counts.
std::string table_of(const std::vector<IdentityResult>& results);
nlohmann::ordered_json json_of(const std::vector<IdentityResult>& results);

/// The catalogue as a page of Markdown, and as data.
std::string catalogue_page();
nlohmann::ordered_json catalogue_json();

/// A layer that shows an identity: a counter-identity's witness, else the first small one that meets the condition.
AnyCase example_of(const Identity& identity);

/// The catalogue on random layers of a rank: how often each identity held, did not apply and failed.
struct RandomChecks {
    struct Count {
        const Identity* identity = nullptr;
        int held = 0;
        int did_not_apply = 0;
        int failed = 0;
        std::string first_failure;
    };
    std::vector<Count> counts;
    bool ok() const;
};
RandomChecks check_random_layers(const std::vector<const Identity*>& identities, Index rank, Index layers,
                                 std::uint64_t seed);
std::string table_of(const RandomChecks& checks);
nlohmann::ordered_json json_of(const RandomChecks& checks);

} // namespace convmat::cli
