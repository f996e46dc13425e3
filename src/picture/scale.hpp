#pragma once

#include <string>
#include <vector>

namespace convmat::picture {

/// The least of 1, 2 and 5 times a power of 10 that is at least `least` > 0.
double nice_step(double least);

/// 10^exponent as an axis says it: 0.01, 1e-3.
std::string power_of_ten(double exponent);

/// Where a value lies between the ends of an axis, and where it is labelled.
class Scale {
  public:
    struct Tick {
        double at = 0; ///< 0 at the lower end, 1 at the upper one
        std::string label;
    };

    /// From 0 to `most` or a little beyond, with about `count` labels at 1, 2 or 5 times a power of 10.
    static Scale linear(double most, int count);

    /// Whole decades around `least` to `most`, both > 0.
    static Scale logarithmic(double least, double most);

    /// `least` to `most`, both > 0, with a little room around; at least a factor of 2. Labels at decades, or nearer
    /// where there are few of those.
    static Scale fitted(double least, double most);

    /// 0 at the lower end, 1 at the upper one.
    double at(double value) const;
    bool is_logarithmic() const { return logarithmic_; }
    const std::vector<Tick>& ticks() const { return ticks_; }

  private:
    void tick_at(double mantissa, double exponent, bool plain);
    void tick_decades(double last, double step);
    void tick_evenly();

    bool logarithmic_ = false;
    double first_ = 0; // of the exponents, where logarithmic
    double last_ = 1;
    std::vector<Tick> ticks_;
};

} // namespace convmat::picture
