using System.Text.Json;
using Disa.Emulator.Aws;
using Disa.Emulator.Store;
using Disa.Emulator.Time;
using Disa.Jsonata;

namespace Disa.Emulator.CloudWatch;

public sealed record SetAlarmStateRequest(string? AlarmName, string? StateValue, string? StateReason, string? StateReasonData);

/// <summary>Sets an alarm's state until its next evaluation; its actions run.</summary>
internal sealed class SetAlarmState(Database database, Shelf<Alarm> alarms, AlarmStates states, Clock clock)
{
    public Task Run(SetAlarmStateRequest request, Caller caller, CancellationToken cancellation)
    {
        CloudWatchErrors.Text(request.AlarmName, "alarmName", 255);
        CloudWatchErrors.OneOf(request.StateValue, "stateValue", AlarmState.InsufficientData, AlarmState.Alarm, AlarmState.Ok);
        if (request.StateReason is null)
        {
            throw CloudWatchErrors.Constraint(null, "stateReason", "Member must not be null");
        }

        if (request.StateReason.Length > 1023)
        {
            throw CloudWatchErrors.Constraint(request.StateReason, "stateReason", "Member must have length less than or equal to 1023");
        }

        CheckJson(request.StateReasonData);
        return database.Write(transaction =>
        {
            var alarm = alarms.Get(transaction, caller.Scope, request.AlarmName!) ?? throw CloudWatchErrors.NoAlarm();
            states.Change(
                transaction,
                caller.Scope,
                alarm,
                request.StateValue!,
                request.StateReason,
                request.StateReasonData,
                clock.GetUtcNow()
            );
        });
    }

    private static void CheckJson(string? data)
    {
        if (data is null)
        {
            return;
        }

        try
        {
            JsonInput.Parse(data);
        }
        catch (JsonException)
        {
            throw new AwsException("InvalidFormatFault", "StateReasonData was not valid JSON") { QueryCode = "InvalidFormat" };
        }
    }
}
