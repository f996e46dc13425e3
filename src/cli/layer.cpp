#include "layer.hpp"

#include <algorithm>
#include <utility>

#include <convmat/base/checked.hpp>
#include <convmat/geometry/conventions/convention_layer.hpp>

#include "blame.hpp"
#include "convention.hpp"
#include "error.hpp"
#include "layer_rank.hpp"
#include "scalars.hpp"

namespace convmat::cli {
namespace {

Shape without_first(const Shape& shape, std::size_t count) {
    return {shape.begin() + static_cast<Shape::difference_type>(count), shape.end()};
}

class Resolver {
  public:
    Resolver(LayerDescription description, std::optional<KernelArray> kernel, const std::optional<Shape>& x_shape,
             const char* x_option)
        : d_(std::move(description)),
          kernel_(std::move(kernel)),
          x_shape_(x_shape),
          x_option_(x_option) {}

    Layer layer() {
        read_rank();
        read_input_array();
        if (x_shape_) read_x();
        if (d_.input.empty()) throw InputError("--input", "not given", "channels x spatial extents, as in 3x64x64");
        if (kernel_) read_kernel();
        fill_channels();
        ConventionLayer read = convention_layer();
        Layer layer = {std::move(read.geometry), read.form, std::nullopt, std::move(read.reading), note()};
        if (kernel_) layer.kernel = weights(read.weights);
        return layer;
    }

  private:
    bool transposed() const { return d_.transposed.value_or(false); }

    // The axes of a file of weights, a letter each.
    std::string_view letters() const {
        const bool four = kernel_ && kernel_->origin == KernelArray::Origin::file && d_.groups.has_value();
        return d_.convention->wording(transposed() ? Form::transpose : Form::matrix).letters(four);
    }

    std::size_t channel_axes() const { return letters().size() - 1; }
    const Shape& kernel_shape() const { return shape_of(kernel_->values); }
    std::size_t kernel_rank() const { return kernel_shape().size(); }

    // A file's array is weights (rank + 2 axes) unless the input has too many axes for that.
    bool is_stencil() const {
        const bool has_channels = channel_axes() > 0 && kernel_rank() > channel_axes();
        if (kernel_->origin == KernelArray::Origin::stencil || !has_channels) return true;
        if (!d_.input.empty()) return kernel_rank() == d_.input.size();
        if (!d_.input_array.empty()) return d_.input_array.size() >= kernel_rank();
        return x_shape_ && x_shape_->size() > kernel_rank();
    }

    void read_rank() {
        if (kernel_) {
            stencil_ = is_stencil();
            rank_ = stencil_ ? kernel_rank() : kernel_rank() - channel_axes();
            if (rank_ == 0)
                throw InputError(kernel_->name, "an array without axes",
                                 weight_axes(letters()) + " or spatial axes alone");
        } else if (!d_.kernel.empty()) {
            if (d_.kernel.size() == 1) d_.kernel.resize(rank_of_one_extent(d_, x_shape_), d_.kernel.front());
            rank_ = d_.kernel.size();
        } else {
            throw InputError("--kernel", "not given", "a kernel, or its extents by --kernel-size or a layer file");
        }
    }

    void read_input_array() {
        const Shape& stated = d_.input_array;
        if (stated.empty()) return;
        if (stated.size() != rank_ && stated.size() != rank_ + 1)
            throw InputError(
                "--input", to_string(stated),
                concat(rank_, " spatial extents, as the kernel has, with the channels before them or not"));
        d_.input = without_first(stated, stated.size() - rank_);
        if (stated.size() == rank_) return;
        const bool channels_given = std::ranges::find(d_.options, "--in-channels") != d_.options.end();
        if (channels_given)
            throw InputError("--input", to_string(stated),
                             concat(rank_, " spatial extents alone, beside --in-channels"));
        d_.in_channels = stated.front();
    }

    // What a kernel of one axis, as text, makes of the axes of a picture.
    std::string note() const {
        const bool one_axis = kernel_ && kernel_->origin == KernelArray::Origin::stencil && rank_ == 1;
        const bool stated = !d_.input_array.empty();
        const Shape& array = stated || !x_shape_ ? d_.input_array : *x_shape_;
        if (!one_axis || array.size() < 2) return {};
        const std::string samples = array.size() == 3 ? concat(array[0], " samples of ") : "";
        return concat(stated ? "--input" : x_option_, ' ', to_string(array), " was read as ", samples,
                      array[array.size() - 2], " channels of ", array.back(),
                      " values, for the kernel has one axis: a kernel of two is 0,1;2,3 or [[1,2,1]]");
    }

    void read_x() {
        const Shape& x = *x_shape_;
        const auto refuse = [&](const std::string& expected) {
            throw InputError(x_option_, "shape " + to_string(x), expected);
        };
        if (x.size() < rank_ || x.size() > rank_ + 2)
            refuse(concat(rank_, " spatial axes, as the kernel has, with channels before them, or batch and channels"));
        const Shape extents = without_first(x, x.size() - rank_);
        const Index channels = x.size() == rank_ ? 1 : x[x.size() - rank_ - 1];
        if (d_.input.empty() || !d_.in_channels) d_.read_by = x_option_;
        if (d_.input.empty()) d_.input = extents;
        if (d_.input != extents) refuse("spatial extents " + to_string(d_.input) + " as the layer has");
        if (!d_.in_channels) d_.in_channels = channels;
        if (*d_.in_channels != channels) refuse(concat(*d_.in_channels, " channels as the layer has, not ", channels));
    }

    void read_kernel() {
        const Shape& shape = kernel_shape();
        const auto before = stencil_ ? 0 : letters().find('k');
        const auto begin = shape.begin() + static_cast<Shape::difference_type>(before);
        const Shape extents(begin, begin + static_cast<Shape::difference_type>(rank_));
        if (!d_.kernel.empty() && d_.kernel != extents)
            refuse_kernel("spatial extents " + to_string(d_.kernel) + " as the layer states");
        d_.kernel = extents;
        if (stencil_) return;
        Shape channels(shape.begin(), begin);
        channels.insert(channels.end(), begin + static_cast<Shape::difference_type>(rank_), shape.end());
        std::string names(letters());
        names.erase(before, 1);
        read_channels(names, channels);
    }

    // What each axis of channels says, by its letter; the groups are known then, or 1.
    void read_channels(const std::string& names, const Shape& extents) {
        d_.groups_axis = names.starts_with('g');
        if (d_.groups_axis && extents[0] != *d_.groups)
            refuse_kernel(concat(weight_axes(letters()), " with ", *d_.groups, " groups, not ", extents[0]));
        for (std::size_t j = 0; j < names.size(); ++j) {
            const Index extent = extents[j];
            const Index of_groups = checked_mul(extent, d_.groups.value_or(1), "channels");
            if (names[j] == 'I' || names[j] == 'i')
                agree(d_.in_channels, names[j] == 'I' ? extent : of_groups, "input");
            if (names[j] == 'O' || names[j] == 'o')
                agree(d_.out_channels, names[j] == 'O' ? extent : of_groups, "output");
            if (names[j] == 'M') {
                agree(d_.out_channels, checked_mul(*d_.in_channels, extent, "channels"), "output");
                if (!d_.groups) d_.groups = d_.in_channels;
            }
        }
    }

    [[noreturn]] void refuse_kernel(const std::string& expected) const {
        throw InputError(kernel_->name, "shape " + to_string(kernel_shape()), expected);
    }

    // The kernel's channels and the stated ones, which may be none.
    void agree(std::optional<Index>& stated, Index of_kernel, const char* side) const {
        if (stated && *stated != of_kernel)
            refuse_kernel(concat(weight_axes(letters()), " with ", *stated, " ", side, " channels in ",
                                 d_.groups.value_or(1), " groups, not ", of_kernel));
        stated = of_kernel;
    }

    void fill_channels() {
        const bool depthwise = kernel_ && stencil_ && !d_.groups && !d_.out_channels;
        const Index channels = d_.in_channels.value_or(1);
        d_.in_channels = channels;
        if (depthwise) d_.groups = channels;
        if (!d_.out_channels) d_.out_channels = d_.groups ? channels : 1;
        if (!d_.groups) d_.groups = 1;
        require_positive("--input", channels, "channels");
        require_positive("--out-channels", *d_.out_channels, "channels");
        require_positive("--groups", *d_.groups, "groups");
    }

    void require_positive(const char* option, Index number, const char* of) const {
        if (number < 1) throw InputError(stated_by(option, d_), concat(number, " ", of), "at least 1");
    }

    ConventionLayer convention_layer() const {
        try {
            return read_as_layer(d_);
        } catch (const GeometryError& error) {
            throw blamed(error, "numbers that fit together", d_);
        } catch (const SizeError& error) {
            throw blamed(error, "a smaller layer", d_);
        }
    }

    AnyTensor weights(const WeightOrder& order) const {
        const WeightOrder used = stencil_ && channel_axes() > 0 ? order.of_stencil() : order;
        return std::visit([&](const auto& values) -> AnyTensor { return used.to_convmat(values); }, kernel_->values);
    }

    LayerDescription d_;
    std::optional<KernelArray> kernel_;
    std::optional<Shape> x_shape_;
    const char* x_option_; // that stated it
    bool stencil_ = false;
    std::size_t rank_ = 0;
};

} // namespace

Layer resolve(LayerDescription description, std::optional<KernelArray> kernel, const std::optional<Shape>& x_shape,
              const char* x_option) {
    return Resolver(std::move(description), std::move(kernel), x_shape, x_option).layer();
}

} // namespace convmat::cli
