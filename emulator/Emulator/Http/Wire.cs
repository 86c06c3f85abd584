using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;

namespace Disa.Emulator.Http;

/// <summary>One wire protocol: between bytes and an operation's records.</summary>
internal abstract class Wire
{
    /// <summary>Finds the operation and reads its request.</summary>
    /// <exception cref="AwsException">The operation is not done here, or the request cannot be read.</exception>
    public abstract (Operation Operation, object Request) Decode(AwsService service, WireRequest request);

    public abstract WireResponse Encode(AwsService service, Operation operation, object response, string requestId);

    public abstract WireResponse EncodeError(AwsService? service, AwsException error, string requestId);
}
