using Disa.Emulator.Kms;
using static Disa.Emulator.Tests.Kms.KmsCalls;

namespace Disa.Emulator.Tests.Kms;

/// <summary>HMAC keys.</summary>
/// <remarks>"HMAC keys in AWS KMS" of the developer guide; API reference of GenerateMac and VerifyMac.</remarks>
public sealed class MacTests
{
    [Theory]
    [InlineData("HMAC_224", "HMAC_SHA_224", 28)]
    [InlineData("HMAC_256", "HMAC_SHA_256", 32)]
    [InlineData("HMAC_384", "HMAC_SHA_384", 48)]
    [InlineData("HMAC_512", "HMAC_SHA_512", 64)]
    public async Task A_key_knows_its_own_MACs(string spec, string algorithm, int size)
    {
        await using var cloud = await TestCloud.Start();
        var key = await cloud.Key(Spec(spec, "GENERATE_VERIFY_MAC"));
        var request = $"\"KeyId\":\"{key.Text("KeyId")}\",\"MacAlgorithm\":\"{algorithm}\"";

        var made = await cloud.Kms("GenerateMac", $"{{{request},\"Message\":\"eA==\"}}");
        var verified = await cloud.Kms("VerifyMac", $"{{{request},\"Message\":\"eA==\",\"Mac\":\"{made.Text("Mac")}\"}}");

        Assert.Equal(size, made.Bytes("Mac").Length);
        Assert.Equal(key.Text("Arn"), made.Text("KeyId"));
        Assert.Equal(algorithm, made.Text("MacAlgorithm"));
        Assert.True(verified.GetProperty("MacValid").GetBoolean());
        Assert.Equal(algorithm, Assert.Single(key.GetProperty("MacAlgorithms").EnumerateArray()).GetString());
        Assert.False(key.TryGetProperty("EncryptionAlgorithms", out _));
        Assert.Equal(
            "KMSInvalidMacException: ",
            await cloud.KmsError("VerifyMac", $"{{{request},\"Message\":\"eQ==\",\"Mac\":\"{made.Text("Mac")}\"}}")
        );
        Assert.StartsWith(
            "DryRunOperationException: ",
            await cloud.KmsError("GenerateMac", $"{{{request},\"Message\":\"eA==\",\"DryRun\":true}}"),
            StringComparison.Ordinal
        );
    }

    /// <summary>The examples of "Secure Hash Standard" (FIPS 180-4) and of RFC 4231, which has SHA-224 too.</summary>
    [Theory]
    [InlineData("", "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f")]
    [InlineData("abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525")]
    public void SHA_224_is_the_standards(string message, string hash) =>
        Assert.Equal(hash, Convert.ToHexStringLower(Sha224.Hash(System.Text.Encoding.ASCII.GetBytes(message))));

    [Fact]
    public void HMAC_SHA_224_is_the_standards()
    {
        Assert.Equal(
            "a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44",
            Convert.ToHexStringLower(Sha224.Hmac("Jefe"u8, "what do ya want for nothing?"u8))
        );
        Assert.Equal(
            "95e9a0db962095adaebe9b2d6f0dbce2d499f112f2d2b7273fa6870e",
            Convert.ToHexStringLower(
                Sha224.Hmac(Enumerable.Repeat((byte)0xaa, 131).ToArray(), "Test Using Larger Than Block-Size Key - Hash Key First"u8)
            )
        );
    }
}
