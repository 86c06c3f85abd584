using System.Text;
using Disa.Emulator.Store;

namespace Disa.Emulator.Tests.Store;

/// <summary>What is made short before it is written.</summary>
public sealed class PackingTests
{
    [Fact]
    public void What_repeats_itself_becomes_short_and_comes_back_as_it_was()
    {
        var json = Encoding.UTF8.GetBytes(
            "["
                + string.Join(
                    ',',
                    Enumerable
                        .Range(0, 100)
                        .Select(i => $$$"""{"key":{"sequenceNo":{"S":"m-{{{i}}}"}},"seenAt":"2026-11-30T12:00:00.000Z"}""")
                )
                + "]"
        );

        var packed = Packing.Pack(json);

        Assert.InRange(packed.Length, 1, json.Length / 5);
        Assert.Equal(json, Packing.Unpack(packed));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"id":1,"type":"PassStateEntered"}""")]
    public void What_is_short_or_was_written_by_an_older_version_is_read_as_it_is(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Assert.Same(bytes, Packing.Pack(bytes));
        Assert.Same(bytes, Packing.Unpack(bytes));
    }

    [Fact]
    public void Damaged_bytes_are_said_to_be_damaged()
    {
        var packed = Packing.Pack(Encoding.UTF8.GetBytes(new string('x', 5000)));
        Assert.Throws<InvalidDataException>(() => Packing.Unpack(packed[..^2]));
        Assert.Throws<InvalidDataException>(() => Packing.Unpack(packed[..3]));
        Assert.Throws<InvalidDataException>(() => Packing.Unpack([packed[0], 255, 255, 255, 255, .. packed[5..]]));
    }

    [Fact]
    public async Task No_nonce_is_given_out_twice()
    {
        var drawn = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Task.Run(() =>
                        Enumerable
                            .Range(0, 2000)
                            .Select(_ =>
                            {
                                var nonce = new byte[12];
                                Nonces.Fill(nonce);
                                return Convert.ToHexString(nonce);
                            })
                            .ToList()
                    )
                )
        );
        Assert.Equal(8000, drawn.SelectMany(nonces => nonces).Distinct().Count());
    }
}
