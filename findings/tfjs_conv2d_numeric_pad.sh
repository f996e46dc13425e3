#!/bin/bash
# A good guess: tf.conv2d(x, kernel, 1, 1) pads each axis by 1 and gives (h + 2 - kh + 1) x (w + 2 - kw + 1) outputs, as
# it does with the same padding written out, [[0, 0], [1, 1], [1, 1], [0, 0]]. It hurts whoever runs a layer with a
# kernel that is not square in a browser: outputs are missing, or there are some too many, and nothing is said.
# TensorFlow.js 4.22.0 takes the kernel's height for both axes when the padding is a number: of a 3x5 input and a 3x1
# kernel of ones it gives 3x5 outputs instead of 3x7; of a 1x3 kernel 5x7 instead of 5x5. depthwiseConv2d does likewise.
# Exit 0: it does so; 1: it does not any more.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts \
    @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
node - 2>&1 <<'END' | grep -v '^$\|^=\|Hi, looks like\|speed things up'
const tf = require('@tensorflow/tfjs-core');
require('@tensorflow/tfjs-backend-cpu');

console.log('TensorFlow.js', tf.version_core);
const x = tf.ones([1, 3, 5, 1]), one = [[0, 0], [1, 1], [1, 1], [0, 0]];
let asSeen = true;
for (const [kh, kw, seen] of [[3, 1, '3,5'], [1, 3, '5,7']]) {
    const kernel = tf.ones([kh, kw, 1, 1]);
    const shape = (op, pad) => op(x, kernel, 1, pad).shape.slice(1, 3).join();
    for (const op of [tf.conv2d, tf.depthwiseConv2d]) {
        const number = shape(op, 1), written = shape(op, one), right = [3 + 2 - kh + 1, 5 + 2 - kw + 1].join();
        console.log(`${op.name} ${kh}x${kw}: pad 1 gives ${number}, written out ${written}`);
        asSeen = asSeen && number === seen && written === right;
    }
}
console.log(asSeen ? 'as described' : 'NOT as described');
process.exitCode = asSeen ? 0 : 1;
END
