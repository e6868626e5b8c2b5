"""Philox 4x32-10 and the dropout masks that are drawn from it, in numpy, for packed batches (src/SmilesBert/Ops/Dropout.cs says the counters)."""
import numpy
import torch

WORD = numpy.uint64(0xFFFFFFFF)


def philox(c0, c1, c2, c3, key0, key1):
    """The four words, each of the counters' broadcast shape."""
    shape = numpy.broadcast(c0, c1, c2, c3)
    c = [numpy.broadcast_to(numpy.asarray(word, numpy.uint64), shape.shape) for word in (c0, c1, c2, c3)]
    for r in range(10):
        k0, k1 = numpy.uint64((key0 + r * 0x9E3779B9) & 0xFFFFFFFF), numpy.uint64((key1 + r * 0xBB67AE85) & 0xFFFFFFFF)
        p, q = c[0] * numpy.uint64(0xD2511F53), c[2] * numpy.uint64(0xCD9E8D57)     # 32 by 32 bits fit 64
        c = [(q >> numpy.uint64(32)) ^ c[1] ^ k0, q & WORD, (p >> numpy.uint64(32)) ^ c[3] ^ k1, p & WORD]
    return c


def check_philox():
    """Against the known answers that Random123 publishes."""
    ones = 0xFFFFFFFF
    for counter, key, answer in [
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ones, ones, ones, ones), (ones, ones), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0), (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
    ]:
        words = tuple(int(word) for word in philox(*counter, *key))
        assert words == answer, f"Philox of {counter} gives {words}"


class PhiloxDropout:
    """Drops in padded tensors what the masks of the packed batch drop. Padding is left as it is: nothing reads it."""

    def __init__(self, lengths, seed, step, micro_batch, hidden, attention, classifier):
        self.lengths, self.starts = lengths, numpy.concatenate([[0], numpy.cumsum(lengths)])
        self.key, self.step, self.micro_batch = (seed & 0xFFFFFFFF, seed >> 32), step, micro_batch
        self.rates = {"hidden": hidden, "attention": attention, "classifier": classifier}

    def factors(self, rate, c0, c1, site, lane):
        """0 where dropped, 1 / (1 - rate) where kept; in floats, as the device computes them."""
        words = philox(c0, c1, self.step, site + 65536 * self.micro_batch, *self.key)
        word = numpy.choose(lane, words)
        unit = (word >> numpy.uint64(8)).astype(numpy.float32) * numpy.float32(2.0 ** -24)
        rate = numpy.float32(self.rates[rate])
        return torch.from_numpy(numpy.where(unit >= rate, numpy.float32(1) / (numpy.float32(1) - rate), numpy.float32(0)))

    def rows(self, rate, count, width, site):
        element = numpy.arange(count * width)
        return self.factors(rate, element // 4, 0, site, element % 4).view(count, width)

    def tokens(self, x, site):
        factors, mask = torch.ones_like(x), self.rows("hidden", self.starts[-1], x.shape[2], site)
        for b, (start, length) in enumerate(zip(self.starts, self.lengths)):
            factors[b, :length] = mask[start:start + length].to(x.dtype)
        return x * factors

    def attention(self, probs, site):
        factors = torch.ones_like(probs)
        for b, length in enumerate(self.lengths):
            for head in range(probs.shape[1]):
                i, j = numpy.meshgrid(numpy.arange(length), numpy.arange(length), indexing="ij")
                mask = self.factors("attention", i * 65536 + j // 4, b * probs.shape[1] + head, site, j % 4)
                factors[b, head, :length, :length] = mask.to(probs.dtype)
        return probs * factors

    def molecules(self, x, site):
        return x * self.rows("classifier", x.shape[0], x.shape[1], site).to(x.dtype)
