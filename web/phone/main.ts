export {} // placeholder until this entry is written
