#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "svg.hpp"

namespace convmat::picture {

struct Box {
    double left = 0;
    double top = 0;
    double right = 0;
    double bottom = 0;
};

/// Whether any of the segment from `p` to `q` lies in the box.
bool crosses(const Box& box, Point p, Point q);

/// Labels beside the points of a curve: clear of each other, inside an area, and clear of the curve where that can be.
class Labels {
  public:
    Labels(const Box& area, const std::vector<Point>& curve) : area_(area), curve_(curve) {}

    /// Keeps labels off a disc.
    void keep_off(Point centre, double radius);

    enum class Need { when_free, always };

    /// The lines of a label (as XML text), one below the other, beside a dot at `point`. Where all places are taken:
    /// nothing, or what is needed always over what is there.
    std::string beside(Point point, double radius, Need need, std::string_view style,
                       const std::vector<std::string>& lines);

  private:
    bool is_inside(const Box& box) const;
    bool is_free(const Box& box) const;
    bool is_off_curve(const Box& box) const;

    Box area_;
    const std::vector<Point>& curve_;
    std::vector<Box> taken_;
};

} // namespace convmat::picture
