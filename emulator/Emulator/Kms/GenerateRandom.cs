using System.Security.Cryptography;
using Disa.Emulator.Aws;

namespace Disa.Emulator.Kms;

internal sealed record GenerateRandomRequest(int? NumberOfBytes, string? CustomKeyStoreId);

internal sealed record GenerateRandomResponse(byte[] Plaintext);

/// <summary>Random bytes.</summary>
internal static class GenerateRandom
{
    public static GenerateRandomResponse Run(GenerateRandomRequest request, Caller caller)
    {
        new Checks()
            .Range("numberOfBytes", request.NumberOfBytes, 1, 1024)
            .Text("customKeyStoreId", request.CustomKeyStoreId, 1, 64)
            .Throw();
        if (request.CustomKeyStoreId is not null)
        {
            throw AwsException.NotImplemented("the parameter CustomKeyStoreId of kms:GenerateRandom");
        }

        return new(RandomNumberGenerator.GetBytes(request.NumberOfBytes ?? throw KmsErrors.Invalid("NumberOfBytes is required.")));
    }
}
