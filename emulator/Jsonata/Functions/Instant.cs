namespace Disa.Jsonata.Functions;

/// <summary>A moment in UTC, in milliseconds since 1970, with the years that JavaScript has: far more than four digits.</summary>
internal readonly record struct Instant(long Milliseconds)
{
    public const long DayLength = 24 * 60 * 60 * 1000;

    /// <summary>The farthest from 1970 that there is.</summary>
    public const double Farthest = 8.64e15;

    private long Days => (long)Math.Floor((double)Milliseconds / DayLength);

    private int InDay => (int)(Milliseconds - Days * DayLength);

    public int Year => Civil.Year;

    /// <summary>From 1.</summary>
    public int Month => Civil.Month;

    public int Day => Civil.Day;

    public int Hour => InDay / 3_600_000;

    public int Minute => InDay / 60_000 % 60;

    public int Second => InDay / 1000 % 60;

    public int Millisecond => InDay % 1000;

    /// <summary>Monday is 1, Sunday 7.</summary>
    public int Weekday => (int)(((Days + 3) % 7 + 7) % 7) + 1;

    public int DayOfYear => (int)((StartOfDay - Of(Year, 1, 1).Milliseconds) / DayLength) + 1;

    public long StartOfDay => Days * DayLength;

    /// <param name="month">From 1; what lies outside of a year goes on in another.</param>
    public static Instant Of(double year, double month, double day, double hour = 0, double minute = 0, double second = 0, double milli = 0)
    {
        var months = year * 12 + month - 1;
        var wholeYear = Math.Floor(months / 12);
        var days = DaysFromCivil((long)wholeYear, (int)(months - wholeYear * 12) + 1) + day - 1;
        return new Instant((long)(((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + milli));
    }

    /// <summary>The Monday of the first week, which is the one with the first Thursday.</summary>
    public static long FirstWeek(int year, int month)
    {
        var first = Of(year, month, 1);
        return first.Milliseconds + (first.Weekday > 4 ? 8 - first.Weekday : 1 - first.Weekday) * DayLength;
    }

    private (int Year, int Month, int Day) Civil
    {
        get
        {
            // https://howardhinnant.github.io/date_algorithms.html#civil_from_days
            var shifted = Days + 719_468;
            var era = (long)Math.Floor(shifted / 146_097.0);
            var dayOfEra = (int)(shifted - era * 146_097);
            var yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
            var dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
            var monthFromMarch = (5 * dayOfYear + 2) / 153;
            var month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
            return ((int)(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1);
        }
    }

    private static long DaysFromCivil(long year, int month)
    {
        year -= month <= 2 ? 1 : 0;
        var era = (long)Math.Floor(year / 400.0);
        var yearOfEra = year - era * 400;
        var dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
    }
}
