"""案件导入导出: lists of cases by national number, in and out; a companion of the national system."""
