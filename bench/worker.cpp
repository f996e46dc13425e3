// Measures one contender at a time, as bench/peers.py asks on standard input:
//
//     layers                                        -> one JSON line: every layer's parameters
//     time LAYER forward|transpose float|double CONTENDER   -> milliseconds an apply, or: absent REASON
//
// Every first measurement of a contender is also compared with the operator's result.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <map>
#include <random>
#include <sstream>
#include <vector>

#include <nlohmann/json.hpp>

#include "contender.hpp"
#include "layers.hpp"

namespace {

using namespace convmat;
using namespace convmat::bench;

constexpr double seconds_a_measurement = 0.03;
constexpr int most_applies = 300;

std::vector<Layer> all_layers() {
    std::vector<Layer> all = layers();
    for (const auto& more : {real_layers(), growing_layers()}) all.insert(all.end(), more.begin(), more.end());
    return all;
}

nlohmann::json described(const Layer& layer, const std::string& set) {
    const ConvGeometry geometry(layer.spec);
    nlohmann::json json = {
        {"name", layer.name},
        {"set", set},
        {"in_channels", geometry.in_channels()},
        {"out_channels", geometry.out_channels()},
        {"groups", geometry.groups()},
        {"multiplications", geometry.rows() * geometry.in_channels_per_group() * geometry.kernel_size()}};
    for (const Axis& axis : geometry.axes()) {
        json["input"].push_back(axis.input);
        json["output"].push_back(axis.output);
        json["kernel"].push_back(axis.kernel);
        json["stride"].push_back(axis.stride);
        json["dilation"].push_back(axis.dilation);
        json["padding"].push_back(axis.padding.begin);
        json["remainder"].push_back(axis.remainder());
    }
    return json;
}

template <class Scalar>
const std::map<std::string, MakeContender<Scalar>>& contenders() {
    static const std::map<std::string, MakeContender<Scalar>> all = [] {
        std::map<std::string, MakeContender<Scalar>> makers = {{"operator", make_operator<Scalar>},
                                                               {"matrix", make_matrix<Scalar>},
                                                               {"eigen_tensor", make_eigen_tensor<Scalar>},
                                                               {"eigen_im2col", make_eigen_im2col<Scalar>}};
#if defined(CONVMAT_BENCH_ONEDNN)
        if constexpr (std::same_as<Scalar, float>) {
            makers["onednn_plain"] = make_onednn_plain;
            makers["onednn_blocked"] = make_onednn_blocked;
        }
#endif
        return makers;
    }();
    return all;
}

// One layer, direction and scalar, with the contenders asked for so far.
template <class Scalar>
class Race {
  public:
    Race(const Layer& layer, Direction direction)
        : geometry_(layer.spec),
          direction_(direction),
          kernel_(geometry_.kernel_shape()),
          x_(static_cast<std::size_t>(direction == Direction::forward ? geometry_.cols() : geometry_.rows())),
          y_(static_cast<std::size_t>(direction == Direction::forward ? geometry_.rows() : geometry_.cols())) {
        std::mt19937 random(1);
        std::uniform_real_distribution<Scalar> uniform(-1, 1);
        for (Scalar& value : kernel_.values()) value = uniform(random);
        for (Scalar& value : x_) value = uniform(random);
    }

    std::string time(const std::string& name) {
        const auto maker = contenders<Scalar>().find(name);
        if (maker == contenders<Scalar>().end()) return "absent not built";
        auto& entry = racing_[name];
        if (!entry) {
            std::string why;
            entry = maker->second(geometry_, kernel_, direction_, why);
            if (!entry) return "absent " + why;
            if (const std::string wrong = compare(name, *entry); !wrong.empty()) return "absent " + wrong;
        }
        return std::to_string(milliseconds(*entry));
    }

  private:
    using Clock = std::chrono::steady_clock;

    std::string compare(const std::string& name, Contender<Scalar>& contender) {
        contender.apply(x_.data(), y_.data());
        if (name == "onednn_blocked") return {}; // its result stays in its own layout
        std::string why;
        std::vector<Scalar> expected(y_.size());
        make_operator<Scalar>(geometry_, kernel_, direction_, why)->apply(x_.data(), expected.data());
        double largest = 0;
        double apart = 0;
        for (std::size_t i = 0; i < y_.size(); ++i) {
            largest = std::max(largest, std::abs(static_cast<double>(expected[i])));
            apart = std::max(apart, std::abs(static_cast<double>(expected[i]) - static_cast<double>(y_[i])));
        }
        const double bound = 1000 * static_cast<double>(std::numeric_limits<Scalar>::epsilon()) * largest;
        return apart <= bound ? std::string() : concat("its result differs from convmat's by ", apart);
    }

    double milliseconds(Contender<Scalar>& contender) {
        contender.apply(x_.data(), y_.data());
        std::vector<double> times;
        double total = 0;
        while (total < seconds_a_measurement && times.size() < most_applies) {
            const auto start = Clock::now();
            contender.apply(x_.data(), y_.data());
            times.push_back(std::chrono::duration<double>(Clock::now() - start).count());
            total += times.back();
        }
        std::ranges::nth_element(times, times.begin() + std::ssize(times) / 2);
        return 1e3 * times[times.size() / 2];
    }

    ConvGeometry geometry_;
    Direction direction_;
    Tensor<Scalar> kernel_;
    std::vector<Scalar> x_;
    std::vector<Scalar> y_;
    std::map<std::string, std::unique_ptr<Contender<Scalar>>> racing_;
};

// Keeps the race that is being measured, so that its contenders are set up once.
template <class Scalar>
std::string timed(const std::string& name, const std::string& direction, const std::string& contender) {
    static std::string current;
    static std::unique_ptr<Race<Scalar>> race;
    if (current != name + direction) {
        race.reset();
        for (const Layer& layer : all_layers())
            if (layer.name == name)
                race = std::make_unique<Race<Scalar>>(layer, direction == "forward" ? Direction::forward
                                                                                    : Direction::transpose);
        if (!race) return "absent unknown layer";
        current = name + direction;
    }
    return race->time(contender);
}

} // namespace

int main() {
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::string command;
        std::string layer;
        std::string direction;
        std::string scalar;
        std::string contender;
        words >> command >> layer >> direction >> scalar >> contender;
        if (command == "layers") {
            nlohmann::json all;
            for (const Layer& one : layers()) all.push_back(described(one, "plain"));
            for (const Layer& one : real_layers()) all.push_back(described(one, "real"));
            for (const Layer& one : growing_layers()) all.push_back(described(one, "growing"));
            std::cout << all.dump() << std::endl;
        } else {
            std::cout << (scalar == "float" ? timed<float>(layer, direction, contender)
                                            : timed<double>(layer, direction, contender))
                      << std::endl;
        }
    }
}
