using System.Security.Cryptography;

namespace Disa.Emulator.Kms;

/// <summary>HMACs of messages.</summary>
internal static class Macs
{
    /// <param name="algorithm">Such as <c>HMAC_SHA_256</c>.</param>
    public static byte[] Compute(string algorithm, byte[] key, byte[] message) =>
        algorithm switch
        {
            "HMAC_SHA_224" => Sha224.Hmac(key, message),
            "HMAC_SHA_256" => HMACSHA256.HashData(key, message),
            "HMAC_SHA_384" => HMACSHA384.HashData(key, message),
            _ => HMACSHA512.HashData(key, message),
        };

    /// <summary>Bytes of the material that KMS makes for a key spec: as many as the hash has.</summary>
    public static int MaterialSize(string spec) => int.Parse(spec["HMAC_".Length..], null) / 8;
}
