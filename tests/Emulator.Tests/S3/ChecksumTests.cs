using System.Text;
using Disa.Emulator.S3;

namespace Disa.Emulator.Tests.S3;

public sealed class ChecksumTests
{
    /// <summary>The check values of "123456789" in the catalogue of parametrised CRC algorithms (https://reveng.sourceforge.io/crc-catalogue/all.htm).</summary>
    [Theory]
    [InlineData("CRC32", "CBF43926")]
    [InlineData("CRC32C", "E3069283")]
    [InlineData("CRC64NVME", "AE8B14860A799888")]
    public void A_check_is_the_catalogues(string algorithm, string expected)
    {
        var bytes = Encoding.ASCII.GetBytes("123456789");
        Assert.Equal(expected, Convert.ToHexString(Convert.FromBase64String(Checksums.Of(algorithm, bytes))));
        Assert.Equal(
            expected,
            Convert.ToHexString(Convert.FromBase64String(Checksums.Of(algorithm, [bytes.AsMemory(0, 4), bytes.AsMemory(4)])))
        );
    }
}
