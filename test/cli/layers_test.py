"""Tests of the convmat program, --layer: python3 layers_test.py PROGRAM."""
import json

import cli_support
from cli_support import CliCase, convolve, integers, scatter, ZEROS


class Layers(CliCase):
    LAYER = {"in_channels": 2, "out_channels": 4, "groups": 2, "input": [6, 5], "kernel": [3, 2], "stride": [2, 1],
             "dilation": [1, 2], "padding": [[1, 0], [2, 1]], "boundary": ["periodic", "zero"], "transposed": False,
             "output_padding": [0, 0]}

    def layer(self, **changes):
        return self.write("layer.json", json.dumps({**self.LAYER, **changes}))

    def test_a_forward_layer(self):
        x, kernel = integers(1, 2, 6, 5), integers(2, 4, 1, 3, 2)
        expected = convolve(x, kernel, (2, 1), (1, 2), ((1, 0), (2, 1)), ("periodic", "zero"), groups=2)
        self.assert_same(self.apply(x, kernel, "--layer", self.layer()), expected)

    def test_options_override_the_file(self):
        x, kernel = integers(1, 2, 6, 5), integers(2, 4, 1, 3, 2)
        y = self.apply(x, kernel, "--layer", self.layer(), "--stride", 1, "--padding", 0, "--boundary", "zero")
        self.assert_same(y, convolve(x, kernel, (1, 1), (1, 2), ((0, 0),) * 2, ZEROS, groups=2))

    def test_a_transposed_layer_whose_output_padding_reaches_its_stride(self):
        x, kernel = integers(3, 4, 4, 3), integers(4, 4, 2, 3, 2)
        layer = dict(in_channels=4, out_channels=2, groups=1, input=[4, 3], stride=[2, 1], dilation=[1, 3],
                     padding=[[1, 1], [0, 0]], boundary="zero", transposed=True, output_padding=[1, 2])
        z = self.apply(x, kernel, "--layer", self.layer(**layer))
        self.assert_same(z, scatter(x, kernel, (2, 1), (1, 3), ((1, 1), (0, 0)), (1, 2)))

    def test_unknown_and_repeated_keys_and_wrong_values_are_refused(self):
        for text, about in (('{"input": [3], "kernal": [3]}', "kernal"), ('{"input": [3], "input": [4]}', "twice"),
                            ('{"input": [3.5]}', "input: [3.5]"), ('{"input": "3"}', 'input: "3"'), ("[1]", "array"),
                            ('{"input": [3]', "not JSON"), ('{"kernel": [3]}', "input"),
                            ('{"input": [3], "boundary": "mirror"}', "boundary: mirror"),
                            ('{"input": [3], "transposed": 1}', "transposed: 1"),
                            ('{"input": [3]}\0', "not JSON at byte 15"),
                            ('{"groups": 99999999999999999999}', "expected a 64-bit integer"),
                            ('{"groups": 9223372036854775808}', "groups: 9223372036854775808: expected a 64-bit integer"),
                            ("[" * 80000, "nested deeper"), ('{"input": ' + "[" * 80000 + "]" * 80000 + "}", "nested deeper"),
                            ('{"input": [' + "1, " * 1000 + '"a"]}', "input: [1,1,1,"),
                            ('{"' + "k" * 1000 + '": 1}', 'unknown key "kkkkk'),
                            ('{"input": [3], "boundary": "' + "\u00e4" * 1000 + '"}', "boundary: ")):
            with self.subTest(text):
                line = self.refused("info", "--layer", self.write("bad.json", text))
                self.assertIn("bad.json: ", line)
                self.assertIn(about, line)
                self.assertLess(len(line), 300)


if __name__ == "__main__":
    cli_support.main()
