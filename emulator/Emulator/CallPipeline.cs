using Disa.Emulator.Aws;
using Disa.Emulator.Faults;
using Disa.Emulator.Rooms;
using Disa.Emulator.Usage;

namespace Disa.Emulator;

/// <summary>What every call of an operation passes, whichever way it came: it is counted, and it fails where that was asked for.</summary>
internal sealed class CallPipeline(ApiUsage usage, FaultPlan faults)
{
    /// <summary>A call by the wire or by the directory.</summary>
    public Task<object> Run(AwsService service, Operation operation, object input, Caller caller, CancellationToken cancellation)
    {
        usage.Call(service, operation, caller);
        return Fail(service.SdkName, operation.Name, caller, () => operation.Run(input, caller, cancellation), cancellation);
    }

    /// <summary>A call of one room by another that does not go by the operation; its room counts it.</summary>
    public Task<T> Fail<T>(string service, string operation, Caller caller, Func<Task<T>> effect, CancellationToken cancellation) =>
        faults.IsActive ? faults.Around(service, operation, caller, effect, cancellation) : effect();
}
