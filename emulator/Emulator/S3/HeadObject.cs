using Disa.Emulator.Rooms;

namespace Disa.Emulator.S3;

/// <summary>What is known of an object, without its body.</summary>
internal static class HeadObject
{
    public static Task<RestAnswer> Run(S3Request request) => Task.FromResult(GetObject.Read(request, withBody: false));
}
