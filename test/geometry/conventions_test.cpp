#include <convmat/geometry/conventions.hpp>

#include <boost/test/unit_test.hpp>

namespace conventions_test {

using namespace convmat;

// No number of a layer may overflow on its way: each is refused by an error that says so.
BOOST_AUTO_TEST_CASE(huge_numbers_are_refused_by_every_bridge) {
    const Index huge = Index{1} << 62;
    for (const Shape& numbers : {Shape{huge, 3, 1, 1}, Shape{9, huge, 1, 1}, Shape{9, 3, huge, 1}, Shape{9, 3, 1, huge},
                                 Shape{huge, huge, huge, huge}}) {
        const Shape n = {numbers[0]}, k = {numbers[1]}, s = {numbers[2]}, d = {numbers[3]};
        const auto refused = [](const auto& read) {
            try {
                const auto layer = read();
                return layer.geometry.rows() > 0 && layer.geometry.cols() > 0; // legal: a stride longer than the input
            } catch (const GeometryError&) {
                return true;
            } catch (const SizeError&) {
                return true;
            }
        };
        using P = PyTorchPadding;
        BOOST_TEST(refused([&] { return from_pytorch(PyTorchConv{n, 1, 1, k, s, P::same, d}); }));
        BOOST_TEST(refused([&] { return from_pytorch(PyTorchConvTranspose{n, 1, 1, k, s, {}, {}, 1, d}); }));
        BOOST_TEST(refused([&] { return from_onnx(OnnxConv{n, 1, 1, k, OnnxAutoPad::same_lower, {}, s, d}); }));
        BOOST_TEST(refused([&] {
            return from_onnx(OnnxConvTranspose{n, 1, 1, k, OnnxAutoPad::same_upper, {}, s, d});
        }));
        BOOST_TEST(refused([&] { return from_tensorflow(TensorFlowConv{n, 1, 1, k, s, TensorFlowPadding::same, d}); }));
        BOOST_TEST(refused([&] { return from_tensorflow(TensorFlowConvTranspose{n, 1, 1, k, n, s, {}, d}); }));
        BOOST_TEST(refused([&] { return from_keras(KerasConv{n, 1, 1, k, s, KerasPadding::causal, d}); }));
        BOOST_TEST(refused([&] { return from_keras(KerasConvTranspose{n, 1, 1, k, s, KerasPadding::same, {}, d}); }));
        BOOST_TEST(refused([&] { return from_jax(JaxConv{n, 1, 1, k, {}, std::vector<Padding>{{0, huge}}, s, d}); }));
        BOOST_TEST(refused([&] { return from_jax(JaxConvTranspose{n, 1, 1, k, s, JaxPadding::same, d}); }));
        BOOST_TEST(refused([&] { return from_mxnet(MXNetDeconvolution{n, 1, 1, k, s, d, {}, {}, {5}}); }));
        BOOST_TEST(refused([&] { return from_onednn(OneDnnDeconvolution{n, 1, 1, k, s, d, {}, {}, {}, huge}); }));
        BOOST_TEST(refused([&] { return from_matlab({.a = n, .b = k, .shape = MatlabShape::same}); }));
        BOOST_TEST(refused([&] { return from_scipy(ScipySignal{.in1 = n, .in2 = k, .mode = ScipyMode::valid}); }));
        BOOST_TEST(refused([&] { return from_scipy(ScipyNdimage{.input = n, .weights = k}); }));
    }
}

} // namespace conventions_test
