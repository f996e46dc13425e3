// The catalogue on a random layer: some of it applies, and nothing fails.
#include <convmat/identities/catalogue.hpp>
#include <convmat/identities/random_case.hpp>

#include <iostream>

int main() {
    namespace identities = convmat::identities;
    const auto random = identities::random_case(1, 1);
    int holding = 0, failing = 0;
    for (const identities::Identity& identity : identities::catalogue()) {
        const auto verdict = identities::check(identity, random).verdict;
        if (verdict == identities::Verdict::holds) ++holding;
        if (verdict == identities::Verdict::fails) ++failing;
    }
    std::cout << holding << " hold, " << failing << " fail\n";
    return holding > 0 && failing == 0 ? 0 : 1;
}
